// Runs the linters and the suites of esdb-node and of Comanda, says at the end once more what failed, and sums all up in the last
// line. The suite of esdb-node first, beside nothing but the linters, which only get the time that it leaves: the answers of a server
// are compared step by step, which a machine that is killed and starved of processors at the same time would spoil. Then what runs
// whole programs, which is waiting for the most part, beside everything else. At the end the simulation alone: it waits for nothing,
// has a clock of its own, and would take the processors from whoever has only the machine's.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sums = await mkdtemp(join(tmpdir(), 'comanda-test-'));

/** Runs a command and prints what it said as soon as it is through, or, where it runs `alone`, as it says it; resolves with its exit code. */
function printed(name, command, args, { priority, alone = false, ...env } = {}) {
  const stdio = alone ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  if (alone) process.stdout.write(`\n===== ${name} =====\n`);
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio });
  if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(text));
  return new Promise((done, failed) => {
    child.once('error', failed).once('close', (code) => {
      if (!alone) process.stdout.write(`\n===== ${name} =====\n${Buffer.concat(said).toString()}\n`);
      done(code);
    });
  });
}

/** One mocha of its own; resolves with its exit code and its own count. */
async function suite(name, config, { ignored = [], ...how } = {}) {
  const sum = join(sums, `${name}.json`);
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const ignoring = ignored.flatMap((files) => ['--ignore', files]);
  const args = [mocha, '--config', config, '--reporter', 'test/support/reporter.cjs', ...ignoring];
  const code = await printed(name, process.execPath, args, { MOCHA_SUM: sum, ...how });
  return { name, code, count: await readFile(sum, 'utf8').then(JSON.parse, () => undefined) };
}

/** The first lines of an error, each cut where it would fill a screen. */
const head = (error) =>
  error
    .split('\n')
    .slice(0, 12)
    .map((line) => `  ${line.slice(0, 600)}`)
    .join('\n');

const WHOLE = 'test/support/wholePrograms.mocharc.json';
const SIMULATION = 'test/support/simulation.mocharc.json';
const specOf = async (config) => JSON.parse(await readFile(join(root, config), 'utf8')).spec;
const apart = [...(await specOf(WHOLE)), ...(await specOf(SIMULATION))];
const leftTime = { priority: constants.priority.PRIORITY_LOW };
const [lint, ofEventStore] = await Promise.all([
  printed('lint', 'npm', ['run', '--silent', 'lint'], leftTime),
  suite('esdb-node', 'esdb-node/.mocharc.yml'),
]);
const results = [
  ofEventStore,
  ...(await Promise.all([suite('whole programs', WHOLE), suite('comanda', '.mocharc.yml', { ignored: apart })])),
  await suite('simulation', SIMULATION, { alone: true }),
];
await rm(sums, { recursive: true });

if (lint !== 0) console.error(`\nthe linters found something: ended with code ${lint}`);
for (const { name, code, count } of results) {
  if (!count) console.error(`the suite of ${name} ended with code ${code} before it had a result`);
  for (const { title, error } of count?.failed ?? []) console.error(`\nFAILED in ${name}: ${title}\n${head(error)}`);
}
const passed = results.reduce((all, { count }) => all + (count?.passes ?? 0), 0);
const failed = results.reduce((all, { count }) => all + (count?.failures ?? 1), 0);
process.exitCode = failed > 0 || lint !== 0 || results.some(({ code }) => code !== 0) ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
