// Runs the suites of esdb-node and of Comanda, and sums all up in the last line. That of esdb-node alone, first: the answers of a
// server are compared step by step, which a machine that is killed and starved of processors at the same time would spoil. Then what
// runs whole programs, which is waiting for the most part, beside everything else.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sums = await mkdtemp(join(tmpdir(), 'comanda-test-'));

/** One mocha of its own; resolves with its exit code, what it printed, and its own count. */
function suite(name, config, ...more) {
  const sum = join(sums, `${name}.json`);
  const args = ['--config', config, '--reporter', 'test/support/reporter.cjs', ...more];
  const child = spawn(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), ...args], {
    cwd: root,
    env: { ...process.env, MOCHA_SUM: sum },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => printed.push(text));
  return new Promise((done) => {
    child.once('close', async (code) => {
      const count = await readFile(sum, 'utf8').then(JSON.parse, () => undefined);
      process.stdout.write(`\n===== ${name} =====\n${Buffer.concat(printed).toString()}\n`);
      done({ name, code, count });
    });
  });
}

const WHOLE = 'test/support/wholePrograms.mocharc.json';
const whole = await readFile(join(root, WHOLE), 'utf8').then((text) => JSON.parse(text).spec);
const results = [
  await suite('esdb-node', 'esdb-node/.mocharc.yml'),
  ...(await Promise.all([
    suite('whole programs', WHOLE),
    suite('comanda', '.mocharc.yml', ...whole.flatMap((files) => ['--ignore', files])),
  ])),
];
await rm(sums, { recursive: true });

for (const { name, code, count } of results) {
  if (!count) console.error(`the suite of ${name} ended with code ${code} before it had a result`);
}
const passed = results.reduce((all, { count }) => all + (count?.passes ?? 0), 0);
const failed = results.reduce((all, { count }) => all + (count?.failures ?? 1), 0);
process.exitCode = failed > 0 || results.some(({ code }) => code !== 0) ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
