import { once } from 'node:events';
import { copyFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Environment, place, run, startComanda } from './support/comanda.js';

describe('What keeps Comanda from starting', function () {
  this.timeout(600_000);
  let environment: Environment;
  let dispose: () => Promise<void>;

  beforeEach(async () => ({ environment, dispose } = await place()));
  afterEach(() => dispose());

  /** The one line on stderr of a start that must fail. */
  async function complaint(changed: Environment, args: readonly string[] = ['start']): Promise<string> {
    const { exit, complained } = run(args, { ...environment, ...changed });
    expect(await exit).to.equal(1);
    expect(complained().trim().split('\n')).to.have.length(1);
    return complained();
  }

  it('is a taken port, which it names', async () => {
    const other = createServer().listen(Number(environment['PORT']), '127.0.0.1');
    await once(other, 'listening');
    expect(await complaint({})).to.contain(`port ${environment['PORT']} on 127.0.0.1 is taken`);
    other.close();
  });

  it('is a taken port of the payment simulator', async () => {
    const other = createServer().listen(Number(environment['STRIPE_SIMULATOR_PORT']), '127.0.0.1');
    await once(other, 'listening');
    expect(await complaint({})).to.match(/^comanda: STRIPE_SIMULATOR_PORT: port \d+ on 127.0.0.1 is taken/);
    other.close();
  });

  it('is a data folder that another Comanda uses', async () => {
    const first = await startComanda(environment);
    const second = await place();
    const said = await complaint({ ...second.environment, COMANDA_DATA: environment['COMANDA_DATA'] ?? '' });
    expect(said).to.contain('another Comanda is using');
    expect(await first.stop()).to.equal(0);
    await second.dispose();
  });

  it('is a data folder that cannot be made', async () => {
    const file = join(environment['COMANDA_DATA'] ?? '', 'a file');
    await writeFile(file, '');
    expect(await complaint({ COMANDA_DATA: join(file, 'data') })).to.match(
      /^comanda: COMANDA_DATA: the folder .* cannot be written/,
    );
  });

  it('is a data folder in a place where nothing can be made at all', async function () {
    if (process.platform !== 'linux') return;
    expect(await complaint({ COMANDA_DATA: '/proc/comanda/data' })).to.match(
      /^comanda: COMANDA_DATA: the folder .* cannot be written/,
    );
  });

  it('is a database that was filled under another secret', async () => {
    const first = await startComanda({ ...environment, COMANDA_SECRET: 'the secret of the first day' });
    expect(await first.stop()).to.equal(0);
    expect(await complaint({ COMANDA_SECRET: 'the secret of another day' })).to.match(
      /^comanda: COMANDA_SECRET: .* is kept under another secret than this one \(from COMANDA_SECRET\)/,
    );
    expect(await complaint({})).to.match(/another secret than this one \(from .*\/secret\)/);
    const again = await startComanda({ ...environment, COMANDA_SECRET: 'the secret of the first day' });
    expect(await again.stop()).to.equal(0);
  });

  it('is a file that was cut short or lost below the data folder', async () => {
    const first = await startComanda(environment);
    await put(`${first.url}/v1/offers/tea`, {
      name: 'Tea',
      price: { amount: 250, currency: 'EUR' },
      trackStock: false,
    });
    await until('the offer is in the read models', async () => (await items(`${first.url}/v1/offers`)) === 1);
    expect(await first.stop()).to.equal(0);
    const inData = (path: string) => join(environment['COMANDA_DATA'] ?? '', path);

    await copyFile(inData('postgres/access.json'), inData('kept'));
    await truncate(inData('postgres/access.json'), 3);
    expect(await complaint({})).to.match(/^comanda: .*access.json is damaged/);
    await rename(inData('kept'), inData('postgres/access.json'));

    await truncate(inData('events/data.mdb'), 8_192);
    expect(await complaint({})).to.match(/^comanda: .*events is damaged/);

    await rm(inData('events'), { recursive: true });
    expect(await complaint({})).to.match(/^comanda: .* was filled from another event store/);
  });

  for (const [name, value, said] of [
    ['PORT', 'eighty', 'PORT must be a port from 1 to 65535, but "eighty" is not'],
    ['STRIPE_SIMULATOR_PORT', '70000', 'STRIPE_SIMULATOR_PORT must be a port'],
    ['POSTGRES_URL', 'mysql://db', 'POSTGRES_URL must be a URL that begins with postgres://'],
    ['KITCHEN_SIMULATOR', 'yes', 'KITCHEN_SIMULATOR must be on or off'],
    ['HOST', '203.0.113.7', '203.0.113.7 is no address of this machine'],
    ['STRIPE_SECRET_KEY', 'sk_test_x', 'STRIPE_WEBHOOK_SECRET'],
  ] as const) {
    it(`is ${name}=${value}`, async () => {
      expect(await complaint({ [name]: value })).to.contain(said);
    });
  }

  it('is a real component that does not answer', async () => {
    const said = await complaint({ POSTGRES_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
    expect(said).to.match(/^comanda: POSTGRES_URL: the PostgreSQL at 127.0.0.1:1 /);
    expect(said).not.to.contain('secret@');
  });

  it('is one of several roles without the components that they would share', async () => {
    expect(await complaint({}, ['start', '--roles', 'api'])).to.match(/set EVENTSTORE_URL, POSTGRES_URL, RABBITMQ_URL/);
  });

  it('is a role that does not exist', async () => {
    expect(await complaint({}, ['start', '--roles', 'waiter'])).to.contain(
      'the roles are api, projections, processes, consumers',
    );
  });
});

const put = async (url: string, body: unknown): Promise<void> => {
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).to.equal(201);
};

const items = async (url: string): Promise<number> =>
  ((await (await fetch(url)).json()) as { readonly items: readonly unknown[] }).items.length;
