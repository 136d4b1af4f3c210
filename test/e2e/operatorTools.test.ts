import { expect } from 'chai';
import { QUEUES } from '../../src/main/queues.js';
import { until } from '../support/until.js';
import { type Comanda, place, run, startComanda } from './support/comanda.js';
import { Shop } from './support/shop.js';

describe("the operator's commands on embedded components", function () {
  this.timeout(900_000);
  let environment: Readonly<Record<string, string>>;
  let dispose: () => Promise<void>;
  let comanda: Comanda | undefined;

  before(async () => {
    ({ environment, dispose } = await place());
  });
  after(async () => {
    await comanda?.stop();
    await dispose();
  });

  const deadLetters = async () => {
    const command = run(['dlq', 'list'], environment);
    const code = await command.exit;
    return { code, said: command.printed() + command.complained() };
  };
  const none = {
    code: 0,
    said: `No dead letters (looked in ${QUEUES.map(({ queue }) => queue).join(', ')}).\n`,
  };

  it('join a Comanda that runs, stand in for one that does not, and clean up after one that was killed', async () => {
    comanda = await startComanda(environment);
    expect(await deadLetters()).to.deep.equal(none);
    await comanda.stop();
    expect(await deadLetters()).to.deep.equal(none);
    comanda = await startComanda(environment);
    await comanda.kill();
    expect(await deadLetters()).to.deep.equal(none);
    comanda = await startComanda(environment);
  });

  it("add up a day of the payment provider's books and of ours", async () => {
    const shop = new Shop(comanda?.url ?? '');
    await shop.sell('ledger', 5);
    const order = (await shop.order([{ sku: 'ledger', quantity: 2 }])).body;
    await shop.press(order, 'succeed');
    await until('it is paid', async () => (await shop.orderNow(order.id)).payment.status === 'paid');
    const reconcile = async (day: string) => {
      const command = run(['reconcile', '--day', day], environment);
      const code = await command.exit;
      return { code, said: command.printed() + command.complained() };
    };
    const today = new Date().toISOString().slice(0, 10);
    const { code, said } = await reconcile(today);
    expect(code, said).to.equal(0);
    expect(said).to.contain(`from ${today}T00:00:00.000Z until `);
    for (const what of ['EUR payments', 'EUR balance']) {
      const [, ...cells] = said
        .split('\n')
        .find((line) => line.includes(what))!
        .split('│')
        .map((cell) => cell.trim());
      const counts = what === 'EUR balance' ? ['', ''] : ['1', '1'];
      expect(cells).to.deep.equal([what, counts[0], '19.00', counts[1], '19.00', '0.00', '']);
    }
    expect(said).to.contain(`${today} balances.`);
    const before = await reconcile('2020-02-29');
    expect([before.code, before.said]).to.deep.equal([
      0,
      'What the provider made from 2020-02-29T00:00:00.000Z until 2020-03-01T00:00:00.000Z (a day of UTC), and what Comanda recorded of it:\n' +
        'Nothing was paid, and nothing went back.\n2020-02-29 balances.\n',
    ]);
    const never = await reconcile('2021-02-29');
    expect([never.code, never.said.includes('a day, such as 2024-05-04')]).to.deep.equal([1, true]);
  });

  it('name the folder in which no Comanda ever ran', async () => {
    const command = run(['dlq', 'list'], { ...environment, COMANDA_DATA: '/nowhere/at/all' });
    expect(await command.exit).to.equal(1);
    expect(command.complained()).to.include('COMANDA_DATA: there is no folder /nowhere/at/all');
  });
});
