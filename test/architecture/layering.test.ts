import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

/** What dependency-cruiser says of src and esdb-node in the given folder. */
async function violations(cwd: string): Promise<readonly Violation[]> {
  const { stdout } = await run(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--output-type',
      'json',
      'src',
      'esdb-node/src',
    ],
    { cwd, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout: string }) => error); // it exits with the number of violations
  return (JSON.parse(stdout) as { summary: { violations: readonly Violation[] } }).summary.violations;
}

const shown = (found: readonly Violation[]): string[] => found.map(({ rule, from }) => `${rule.name}: ${from}`);

describe('layering', function () {
  this.timeout(120_000);

  it('holds everywhere: nobody imports what the table of docs/architecture.md does not allow', async () => {
    expect(shown(await violations(root))).to.deep.equal([]);
  });

  describe('of planted imports', () => {
    const planted = [
      { rule: 'domain-is-pure', file: 'src/domain/order/planted.ts', text: "import 'node:fs';" },
      {
        rule: 'domain-imports-only',
        file: 'src/domain/stock/planted.ts',
        text: "import '../../commands/identity.js';",
      },
      {
        rule: 'projections-imports-only',
        file: 'src/projections/planted.ts',
        text: "import '../commands/identity.js';",
      },
      { rule: 'api-imports-only', file: 'src/api/planted.ts', text: "import '../subscriptions/contract.js';" },
      { rule: 'drivers-only-in-infrastructure-and-embedded', file: 'src/processes/planted.ts', text: "import 'pg';" },
      { rule: 'no-input-or-output-in-the-middle', file: 'src/commands/planted.ts', text: "import 'node:net';" },
      { rule: 'esdb-node-only-in-embedded', file: 'src/infrastructure/planted.ts', text: "import 'esdb-node';" },
      {
        rule: 'no-cycles',
        file: 'src/domain/kernel/plantedA.ts',
        text: "import { b } from './plantedB.js'; export const a = 1; export { b };",
      },
    ];
    let copy: string;
    let found: readonly Violation[];

    before(async () => {
      copy = await mkdtemp(join(tmpdir(), 'comanda-layering-'));
      for (const part of [
        'src',
        'esdb-node',
        'tsconfig.json',
        'tsconfig.base.json',
        'package.json',
        '.dependency-cruiser.cjs',
      ]) {
        await cp(join(root, part), join(copy, part), {
          recursive: true,
          filter: (source) => !/\/(node_modules|test)$/.test(source),
        });
      }
      await mkdir(join(copy, 'node_modules'));
      for (const name of await readdir(join(root, 'node_modules'))) {
        const target = name === 'esdb-node' ? join(copy, 'esdb-node') : join(root, 'node_modules', name);
        await symlink(target, join(copy, 'node_modules', name));
      }
      for (const { file, text } of planted) {
        await mkdir(dirname(join(copy, file)), { recursive: true });
        await writeFile(join(copy, file), `${text}\n`, { flag: 'wx' });
      }
      await writeFile(join(copy, 'src/domain/kernel/plantedB.ts'), "export { a as b } from './plantedA.js';\n");
      found = await violations(copy);
    });
    after(() => rm(copy, { recursive: true, force: true }));

    for (const { rule, file } of planted) {
      it(`catches ${rule} in ${file}`, () => {
        expect(shown(found)).to.include(`${rule}: ${file}`);
      });
    }
  });
});
