import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const home = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** The services that the README's table has by their short names; others by their own. */
const shortNameOf = (service: string): string =>
  service.startsWith('event_store.cluster.') ? service.slice('event_store.'.length) : (service.split('.').at(-1) ?? '');

/** Every method of every service that the official client knows, as `Streams/Append`. */
const methodsOfTheClient = async (): Promise<string[]> => {
  const folder = join(dirname(require.resolve('@eventstore/db-client/package.json')), 'generated');
  const files = (await readdir(folder)).filter((file) => file.endsWith('_grpc_pb.js'));
  const paths = files.flatMap((file) => {
    const services = Object.entries(require(join(folder, file)) as object).filter(([name]) => name.endsWith('Service'));
    return services.flatMap(([, methods]) => Object.values(methods as Record<string, { readonly path: string }>));
  });
  return paths.map(({ path }) => {
    const [, service = '', method = ''] = path.split('/');
    return `${shortNameOf(service)}/${method}`;
  });
};

describe('the README', () => {
  let text: string;
  before(async () => {
    text = await readFile(join(home, 'README.md'), 'utf8');
  });

  it('has examples that run as they are printed', async function () {
    this.timeout(60_000);
    const examples = [...text.matchAll(/^```ts\n(import .*?)^```/gms)].map(([, code = '']) => code);
    expect(examples).to.have.lengthOf(2);
    for (const code of examples) {
      // bare names are looked up from the working folder on
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { cwd: home });
    }
  });

  it('names every method that the official client can call', async () => {
    const rows = [...text.matchAll(/^\| ([\w.]+) \| ([^|]+) \|/gm)];
    const named = new Set(
      rows.flatMap(([, service = '', methods = '']) => methods.split(/[ ,]+/).map((method) => `${service}/${method}`)),
    );
    const missing = (await methodsOfTheClient()).filter((method) => !named.has(method));
    expect(missing).to.deep.equal([]);
  });
});
