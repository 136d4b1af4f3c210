import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { changeDelivery } from '../../../src/commands/order/changeDelivery.js';
import type { CommandContext } from '../../../src/commands/executor/contract.js';
import type { Catalogue } from '../../../src/commands/ports/catalogue.js';
import type { Address } from '../../../src/domain/kernel/person.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { locationStream, orderStream } from '../../../src/domain/kernel/streams.js';
import { type By, order } from '../../../src/domain/order/index.js';
import { location, representLocation } from '../../../src/domain/location/index.js';
import { eur, main } from '../../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';

const ada = { name: 'Ada Lovelace', street: 'St James 12', city: 'Berlin', country: 'DE' };
const at = (postalCode: string) => ({ ...ada, postalCode });
const near = { zone: 'near', country: 'DE', postalPrefixes: ['101'], fee: eur(250), freeFrom: eur(3000) };
const far = { zone: 'far', country: 'DE', postalPrefixes: ['1'], fee: eur(490), minimumOrder: eur(1500) };
const free = { zone: 'free', country: 'AT', postalPrefixes: ['1'] };

describe('What is brought, and tips, over HTTP', () => {
  let api: TestApi;
  let keys: number;
  beforeEach(async () => {
    keys = 0;
    api = await startTestApi();
    await api.request('PUT', '/v1/offers/soup', { body: { name: 'Soup', price: eur(500), trackStock: false } });
    await change({ modes: ['pickup', 'delivery'], taxRateBp: 700, deliveryZones: [near, far, free] });
  });
  afterEach(() => api.close());

  const change = async (said: object): Promise<Answer> => {
    const { locationId: _, revision: __, ...before } = (await api.request('GET', '/v1/locations/main')).body;
    const body = { ...before, ...said, reason: 'we bring things' };
    return api.request('PUT', '/v1/locations/main', { body, headers: { 'if-match': '*' } });
  };
  const wish = (said: object) => ({
    locationId: 'main',
    mode: 'delivery',
    lines: [{ sku: 'soup', quantity: 4 }],
    ...said,
  });
  const place = (said: object): Promise<Answer> =>
    api.request('POST', '/v1/orders', { body: wish(said), headers: { 'idempotency-key': `key-${keys++}` } });
  const quote = (said: object): Promise<Answer> => api.request('POST', '/v1/quotes', { body: wish(said) });
  const errors = ({ status, body }: Answer) => [
    status,
    ...((body['errors'] ?? []) as readonly { pointer: string; code: string }[]).map((one) => [one.pointer, one.code]),
  ];
  const placed = ({ body }: Answer) =>
    api.store.events(orderStream(body['id'] as OrderId))[0]?.data as Readonly<Record<string, unknown>>;

  it('costs what it costs in the zone where it goes, and the order says so', async () => {
    const answer = await place({ address: at('10115'), tip: eur(150) });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body).to.deep.include({ deliveryFee: eur(250), tip: eur(150), total: eur(2400), due: eur(2400) });
    expect(placed(answer)).to.deep.include({ deliveryTax: { rateBp: 700, amount: eur(16) }, paymentMode: 'prepay' });
    expect((await place({ address: at('12047') })).body['total']).to.deep.equal(eur(2490));
    const many = await place({ address: at('10115'), lines: [{ sku: 'soup', quantity: 6 }] });
    expect([many.body['total'], many.body['deliveryFee']]).to.deep.equal([eur(3000), undefined]);
    const fetched = await place({ mode: 'pickup', tipRateBp: 1000 });
    expect([fetched.body['total'], fetched.body['tip']]).to.deep.equal([eur(2200), eur(200)]);
  });

  it('needs to know where it goes, and is not brought elsewhere', async () => {
    expect(errors(await place({}))).to.deep.equal([422, ['/address/postalCode', 'missing']]);
    expect(errors(await place({ address: ada }))[0]).to.equal(422);
    expect(errors(await quote({}))).to.deep.equal([422, ['/destination/postalPrefix', 'missing']]);
    expect(errors(await quote({ destination: { country: 'DE', postalPrefix: '2' } }))).to.deep.equal([
      422,
      ['/destination/postalPrefix', 'not-served'],
    ]);
    expect((await quote({ mode: 'pickup' })).status).to.equal(200);
  });

  it('comes to as much as the zone wants', async () => {
    const refused = await place({ address: at('12047'), lines: [{ sku: 'soup', quantity: 2 }] });
    expect([refused.body['type'], errors(refused)]).to.deep.equal([
      '/problems/minimum-not-met',
      [422, ['/lines', 'minimum-not-met']],
    ]);
    expect(refused.body).to.deep.include({ minimum: eur(1500), missing: eur(500) });
  });

  it('takes one tip, in money that the order is paid in', async () => {
    const there = { address: at('10115') };
    expect(errors(await place({ ...there, tip: eur(100), tipRateBp: 1000 }))).to.deep.equal([
      422,
      ['/tipRateBp', 'twice'],
    ]);
    expect(errors(await place({ ...there, tip: eur(-1) }))).to.deep.equal([422, ['/tip/amount', 'out-of-range']]);
    expect(errors(await place({ ...there, tipRateBp: 10_001 }))).to.deep.equal([422, ['/tipRateBp', 'out-of-range']]);
    expect(errors(await place({ ...there, tip: { amount: 1, currency: 'USD' } }))).to.deep.equal([
      422,
      ['/tip', 'mixed-currencies'],
    ]);
    const gift = await place({ mode: 'pickup', tip: eur(100), lines: [{ sku: 'soup', quantity: 1 }] });
    expect(gift.body['total']).to.deep.equal(eur(600));
  });

  describe('by a quote', () => {
    const destination = { country: 'DE', postalPrefix: '10115' };

    it('is promised for its zone, whatever bringing it costs by then', async () => {
      const { body: quoted } = await quote({ destination, tip: eur(100) });
      expect(quoted).to.deep.include({
        deliveryFee: eur(250),
        tip: eur(100),
        total: eur(2350),
        tax: [{ rateBp: 700, base: eur(1869 + 234), amount: eur(131 + 16) }],
      });
      await change({ deliveryZones: [{ ...near, fee: eur(990) }, far] });
      const { token, priceHash } = quoted;
      const kept = await place({ quote: token, priceHash, address: at('10119'), tip: eur(100) });
      expect([kept.status, kept.body['total']]).to.deep.equal([201, eur(2350)]);
      const generous = await place({ quote: token, address: at('10119'), tipRateBp: 2000 });
      expect([generous.status, generous.body['total']]).to.deep.equal([201, eur(2250 + 400)]);
    });

    it('is kept in its own currency: a tip in the one that things are priced in by now is refused', async () => {
      const { body: quoted } = await quote({ mode: 'pickup' });
      const soup = { name: 'Soup', price: { amount: 600, currency: 'USD' }, trackStock: false };
      await api.request('PUT', '/v1/offers/soup', { body: soup, headers: { 'if-match': '*' } });
      const by = { mode: 'pickup', quote: quoted['token'] };
      expect(errors(await place({ ...by, tip: { amount: 100, currency: 'USD' } }))).to.deep.equal([
        422,
        ['/tip', 'mixed-currencies'],
      ]);
      expect((await place({ ...by, tipRateBp: 1000 })).body['total']).to.deep.equal(eur(2200));
    });

    it('is not promised elsewhere: what it costs there is told', async () => {
      const { body: quoted } = await quote({ destination });
      const { token } = quoted;
      for (const address of [at('12047'), { ...at('1010'), country: 'AT' }]) {
        const refused = await place({ quote: token, address });
        expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/price-changed']);
        const { token: renewed, total } = refused.body['quote'] as Readonly<Record<string, unknown>>;
        const agreed = await place({ quote: renewed, address });
        expect([agreed.status, agreed.body['total']]).to.deep.equal([201, total]);
      }
    });
  });

  describe('once it is ordered', () => {
    const move = (id: unknown, address: object, headers: object = {}) =>
      api.request('PUT', `/v1/orders/${String(id)}/delivery`, {
        body: { address },
        headers: { 'if-match': '*', ...headers },
      });

    it('goes elsewhere for the same price where the staff takes it there', async () => {
      const { body } = await place({ address: at('10115') });
      const moved = await move(body['id'], at('12047'));
      expect([moved.status, moved.body['total']]).to.deep.equal([200, eur(2250)]);
      // where nobody knows whether it is served, nobody takes it
      expect(errors(await move(body['id'], ada))).to.deep.equal([422, ['/address/postalCode', 'missing']]);
    });

    it('goes only where bringing it costs no more where the customer sends it elsewhere', async () => {
      const refusalOf = async (from: string, to: Address, by: By): Promise<unknown> => {
        const { body } = await place({ address: at(from) });
        const { executor, personalData } = api;
        const { state, revision } = await executor.load(location, locationStream(main));
        const catalogue = { location: () => representLocation(state, revision) } as unknown as Catalogue;
        const deps = { executor, personalData, catalogue };
        const moved = await changeDelivery(deps, body['id'] as OrderId, { address: to, by }, context(`${keys}`));
        return E.isLeft(moved) ? moved.left : undefined;
      };
      const costsMore = { _tag: 'AddressNotServed', why: 'costs-more' };
      expect(await refusalOf('10115', at('12047'), 'customer')).to.deep.equal(costsMore);
      expect(await refusalOf('10115', at('12047'), 'staff')).to.equal(undefined);
      expect(await refusalOf('12047', at('10115'), 'customer')).to.equal(undefined);
      expect(await refusalOf('10115', at('10119'), 'customer')).to.equal(undefined);
      expect(await refusalOf('10115', { ...at('1010'), country: 'AT' }, 'customer')).to.equal(undefined);
    });

    it('has lines that come on top, and is brought once', async () => {
      const { body } = await place({ address: at('12047'), tip: eur(10) });
      await pay(body['id'], 2500);
      const more = await api.request('POST', `/v1/orders/${String(body['id'])}/amendments`, {
        body: { add: [{ sku: 'soup', quantity: 1 }] },
        headers: { 'if-match': '*', 'idempotency-key': 'more' },
      });
      expect(more.status, more.text).to.equal(201);
      expect(more.body['total']).to.deep.equal(eur(3000));
    });
  });

  it('is what a location says of its zones, in one currency', async () => {
    const location = await api.request('GET', '/v1/locations/main');
    expect(location.body['deliveryZones']).to.deep.equal([near, far, free]);
    const odd = await change({ deliveryZones: [near, { ...far, fee: { amount: 1, currency: 'USD' } }] });
    expect(errors(odd)).to.deep.equal([422, ['/deliveryZones', 'invalid']]);
  });

  async function pay(id: unknown, amount: number): Promise<void> {
    const stream = orderStream(id as OrderId);
    const { state } = await api.executor.load(order, stream);
    if (state.status === 'none' || !state.awaited) throw new Error('nothing is awaited');
    const { paymentId } = state.awaited;
    const command = { type: 'ApplyPayment', paymentId, intentId: 'pi_1', amount: eur(amount), method: 'card' } as const;
    await api.executor.execute(order, stream, command, context('pay'));
  }

  const context = (commandId: string): CommandContext => ({
    commandId,
    correlationId: 'c',
    causationId: null,
    actor: { kind: 'admin', id: 'admin/local' },
    tenant: 'main',
    at: new Date().toISOString(),
  });
});
