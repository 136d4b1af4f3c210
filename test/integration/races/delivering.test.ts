import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const A_DAY_MINUTES = 24 * 60;
/** When somebody wants it at another time, after it is paid. */
const WAITS_MS = [0, 5, 15, 40, 'ticket'] as const;

describe('what is brought races with whoever holds it, or wants it later', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', WAITS_MS.length);
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...terms, modes: ['pickup', 'dine_in', 'delivery', 'shipping'], reason: 'we have a courier' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
  });
  afterEach(() => race.leave());

  const address = { name: 'Ada', street: 'Way 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);
  const ofKitchen = (id: string, verb: string) =>
    race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/${verb}`, { body: {} });
  async function place(key: string, mode = 'delivery'): Promise<string> {
    const placed = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode, lines: [{ sku: 'soup', quantity: 1 }], address },
      headers: { 'idempotency-key': key },
    });
    expect(placed.status, placed.text).to.equal(201);
    return String(placed.body['id']);
  }
  const pay = async (id: string): Promise<void> => {
    expect(await race.pay(await race.link(id))).to.equal('paid');
  };
  const hasTicket = (id: string) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0);

  it('an order is held before its kitchen hears of it: what the kitchen then gives to the courier has left', async () => {
    const find = race.lose('kitchen.order-confirmed');
    const id = await place('held');
    await pay(id);
    await race.reaches(id, 'confirmed');
    const held = await race.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'a strange order' } });
    expect(held.status, held.text).to.equal(201);
    find();
    await hasTicket(id);
    await race.rest();
    expect((await race.order(id)).status).to.equal('on_hold');
    for (const verb of ['bump', 'hand-over']) expect((await ofKitchen(id, verb)).status).to.equal(200);
    await race.rest();
    expect((await race.order(id)).status).to.equal('in_fulfilment');
    expect((await race.request('GET', '/v1/tasks?kind=hold')).body['items']).to.deep.equal([]);

    const { body } = await race.request('GET', `/v1/orders/${id}/shipments`);
    const [bag] = body['items'] as readonly { readonly id: string }[];
    expect((await race.request('POST', `/v1/shipments/${bag?.id}/deliver`, { body: {} })).status).to.equal(200);
    await race.reaches(id, 'fulfilled');
    // the time to decide is over, and there is nothing to decide
    race.forward(A_DAY_MINUTES + 1);
    await race.rest();
    expect((await race.order(id)).status).to.equal('fulfilled');
    expect(await race.shelf('soup')).to.deep.equal({ onHand: WAITS_MS.length - 1, reserved: 0 });
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
  });

  it('orders are wanted at another time while they are paid and their tickets opened: the kitchen makes each for then', async () => {
    const ids = await Promise.all(WAITS_MS.map((wait) => place(`moved-${wait}`)));
    const promisedAt = new Date(Date.now() + 3 * 3_600_000).toISOString();
    await Promise.all(
      ids.map(async (id, index) => {
        await pay(id);
        const wait = WAITS_MS[index];
        if (wait === 'ticket') await hasTicket(id);
        else await sleep(wait);
        const moved = await race.request('PUT', `/v1/orders/${id}/delivery`, {
          body: { promisedAt },
          headers: { 'if-match': '*' },
        });
        expect(moved.status, moved.text).to.equal(200);
      }),
    );
    await Promise.all(ids.map(hasTicket));
    await race.rest();
    for (const id of ids) {
      expect((await race.request('GET', `/v1/orders/${id}`)).body).to.include({ promisedAt });
      expect((await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body).to.include({ promisedAt });
    }
  });

  it('orders that are fetched are wanted at another time while their cooks begin: the kitchen makes each for then, or says that it has begun', async () => {
    const promisedAt = new Date(Date.now() + 3 * 3_600_000).toISOString();
    const ids = await Promise.all(WAITS_MS.map((wait) => place(`fetched-${wait}`, 'pickup')));
    for (const id of ids) await pay(id);
    await Promise.all(ids.map(hasTicket));
    await race.rest();
    const answers = await Promise.all(
      ids.map(async (id, index) => {
        const { body } = await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`);
        const [item] = body['items'] as readonly { readonly itemId: string }[];
        const wait = WAITS_MS[index];
        const begin = () => ofKitchen(id, `items/${item?.itemId ?? ''}/start`);
        if (wait === 'ticket') expect((await begin()).status).to.equal(200);
        const move = race.request('PUT', `/v1/orders/${id}/promise`, {
          body: { promisedAt },
          headers: { 'if-match': '*' },
        });
        if (typeof wait === 'number') await sleep(wait).then(begin);
        return move;
      }),
    );
    await race.rest();
    for (const [index, id] of ids.entries()) {
      const { status, text } = answers[index] ?? { status: 0, text: '' };
      expect(status, text).to.be.oneOf(WAITS_MS[index] === 'ticket' ? [409] : [200, 409]);
      const shown = [
        (await race.request('GET', `/v1/orders/${id}`)).body['promisedAt'],
        (await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body['promisedAt'],
      ];
      expect(shown).to.deep.equal(status === 200 ? [promisedAt, promisedAt] : [undefined, undefined]);
    }
  });

  it('orders are moved by their kitchen and by people in the same moment: both say the same in the end', async () => {
    const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
    const [kitchens, peoples] = [at(2), at(3)];
    const ids = await Promise.all(WAITS_MS.map((wait) => place(`crossed-${wait}`)));
    for (const id of ids) await pay(id);
    await Promise.all(ids.map(hasTicket));
    await race.rest();
    const asks = ids.flatMap((id) => [
      race.request('PUT', `/v1/orders/${id}/delivery`, { body: { promisedAt: peoples }, headers: { 'if-match': '*' } }),
      race.request('PUT', `/v1/kitchen/tickets/${ticketOf(id)}/promise`, { body: { promisedAt: kitchens } }),
    ]);
    expect((await Promise.all(asks)).map(({ status }) => status)).to.deep.equal(asks.map(() => 200));
    await race.rest();
    for (const id of ids) {
      const { promisedAt } = (await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body;
      expect([kitchens, peoples]).to.include(promisedAt);
      expect((await race.request('GET', `/v1/orders/${id}`)).body).to.include({ promisedAt });
    }
  });

  it('parcels are taken back, or go by somebody else, while their labels are sold: each label that is not used is given back', async () => {
    const ids = await Promise.all(WAITS_MS.map((wait) => place(`parcel-${wait}`, 'shipping')));
    for (const id of ids) await pay(id);
    await Promise.all(ids.map((id) => race.reaches(id, 'in_fulfilment')));
    const ask = (path: string, body: object, key: string) =>
      race.request('POST', path, { body, headers: { 'idempotency-key': key } });
    const parcels = await Promise.all(
      ids.map(async (id, index) => {
        const [line] = (await race.order(id)).lines;
        const lines = [{ lineId: line?.lineId, qty: 1 }];
        const made = await ask(`/v1/orders/${id}/shipments`, { lines }, 'parcel');
        expect(made.status, made.text).to.equal(201);
        const parcel = `/v1/shipments/${String(made.body['id'])}`;
        const asked = await ask(`${parcel}/label`, { carrier: 'post', parcels: [{ weight: 1200 }] }, 'label');
        expect(asked.status, asked.text).to.equal(200);
        const wait = WAITS_MS[index];
        if (wait === 'ticket') await until('it is sold', () => isSold(parcel));
        else await sleep(wait ?? 0);
        const away = index % 2 === 0;
        const done = away
          ? await ask(`${parcel}/cancellation`, { reason: 'changed our minds' }, 'off')
          : await ask(`${parcel}/dispatch`, { carrier: 'pigeons' }, 'gone');
        expect(done.status, done.text).to.equal(200);
        return parcel;
      }),
    );
    await race.rest();
    for (const parcel of parcels) {
      const { body } = await race.request('GET', parcel);
      expect(body['label']).to.include({ state: 'void' });
      const [unused] = body['unusedLabels'] as readonly { readonly trackingNo: string }[];
      expect(unused).to.include({ state: 'voided', carrier: 'post' });
      const types = race.types(`shipment-${parcel.split('/').at(-1)}`);
      expect(types.filter((type) => type === 'LabelVoidRequested')).to.have.length(1);
    }
    expect((await race.request('GET', '/v1/tasks?kind=label_not_voided')).body['items']).to.deep.equal([]);
  });

  const isSold = (parcel: string): boolean =>
    race.types(`shipment-${parcel.split('/').at(-1)}`).includes('LabelBought');
});
