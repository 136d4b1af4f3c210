import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings/index.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** The house goes on running while somebody changes what it lets happen: whoever is concerned goes by what holds then. */
describe('settings that are changed while the house runs', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 20);
  });
  afterEach(() => race.leave());

  const change = async (settings: Partial<Settings>): Promise<void> => {
    const body = { ...DEFAULT_SETTINGS, ...settings, reason: 'the season begins' };
    // what nobody has changed yet has no revision that could be named
    const { revision } = (await race.request('GET', '/v1/settings')).body;
    const headers: Record<string, string> = revision === undefined ? {} : { 'if-match': '*' };
    const changed = await race.request('PUT', '/v1/settings', { body, headers });
    expect(changed.status, changed.text).to.equal(200);
  };
  /** The location, without what it says of payment windows and with what else it is to say. */
  const openFor = async (terms: object): Promise<void> => {
    const { body } = await race.request('GET', '/v1/locations/main');
    const { revision: _, locationId: __, paymentWindowMinutes: ___, ...said } = body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...said, ...terms, reason: 'as the house has it' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
  };
  const address = { name: 'Ada', street: 'Way 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const place = async (key: string, terms: object = {}): Promise<string> => {
    const placed = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }], ...terms },
      headers: { 'idempotency-key': key },
    });
    expect(placed.status, placed.text).to.equal(201);
    return String(placed.body['id']);
  };
  const data = (id: string, type: string): Readonly<Record<string, unknown>> => {
    const [found] = race.data(`order-${id}`, type);
    if (found === undefined) throw new Error(`${id} has no ${type}`);
    return found;
  };
  const minutesBetween = (from: unknown, to: unknown): number =>
    Math.round((Date.parse(String(to)) - Date.parse(String(from))) / MINUTE_MS);

  it('say how long a customer may take to pay what is made, and what is sent', async () => {
    await openFor({ modes: ['pickup', 'shipping'] });
    const windows = async (key: string): Promise<readonly number[]> => {
      const ids = [await place(`${key}-made`), await place(`${key}-sent`, { mode: 'shipping', address })];
      await Promise.all(ids.map((id) => race.reaches(id, 'awaiting_payment')));
      return ids.map((id) =>
        minutesBetween(data(id, 'OrderPlaced')['placedAt'], data(id, 'OrderAccepted')['paymentDueAt']),
      );
    };
    expect(await windows('usual')).to.deep.equal([15, 30]);
    await change({ restaurantPaymentMinutes: 5, shopPaymentMinutes: 120 });
    expect(await windows('changed')).to.deep.equal([5, 120]);
    await openFor({ modes: ['pickup', 'shipping'], paymentWindowMinutes: 45 });
    expect(await windows('its-own'), 'what the location says comes first').to.deep.equal([45, 45]);
  });

  it('say what becomes of an order that the check engine says nothing about', async () => {
    race.lose('check.jobs');
    await openFor({ screening: {} });
    const held = await place('held');
    race.forward(1);
    await race.reaches(held, 'on_hold');
    await change({ checkTimeoutSeconds: 300, checkOnSilence: 'pass' });
    const passed = await place('passed');
    race.forward(1);
    await race.rest();
    expect((await race.order(passed)).status, 'the engine has more time').to.equal('placed');
    race.forward(5);
    await race.reaches(passed, 'awaiting_payment');
  });

  it('say how long each kind of hold waits for a decision', async () => {
    await change({ mismatchDecisionMinutes: 20, manualDecisionMinutes: 50 });
    const byHand = await place('by-hand');
    await race.reaches(byHand, 'awaiting_payment');
    const held = await race.request('POST', `/v1/orders/${byHand}/hold`, { body: { reason: 'a strange order' } });
    expect(held.status, held.text).to.equal(201);
    const now = Date.now();
    expect(minutesBetween(new Date(now).toISOString(), data(byHand, 'OrderHeld')['decideBy'])).to.be.within(49, 50);
    race.script({ payments: { amount: 700 } });
    const other = await place('another-amount');
    await race.pay(await race.link(other));
    await race.reaches(other, 'on_hold');
    expect(data(other, 'OrderHeld')['kind']).to.equal('mismatch');
    expect(minutesBetween(new Date(now).toISOString(), data(other, 'OrderHeld')['decideBy'])).to.be.within(19, 21);
  });

  it('say when what was handed over is completed', async () => {
    await change({ completeAfterPickupHours: 3 });
    const id = await place('completed');
    await race.pay(await race.link(id));
    await race.reaches(id, 'in_fulfilment');
    const ticket = ticketIdOf(id as OrderId, 'main' as LocationId);
    for (const verb of ['bump', 'hand-over']) {
      expect((await race.request('POST', `/v1/kitchen/tickets/${ticket}/${verb}`, { body: {} })).status).to.equal(200);
    }
    await race.reaches(id, 'fulfilled');
    await race.rest();
    race.forward(2 * HOUR_MINUTES);
    await race.rest();
    expect((await race.order(id)).status).to.equal('fulfilled');
    race.forward(HOUR_MINUTES + 1);
    await race.reaches(id, 'completed');
  });

  it('say up to how much of a currency goes back without anybody', async () => {
    const refund = async (key: string): Promise<string> => {
      const id = await place(key);
      await race.pay(await race.link(id));
      await race.reaches(id, 'in_fulfilment');
      const asked = await race.request('POST', `/v1/orders/${id}/refunds`, {
        body: { amount: { amount: 400, currency: 'EUR' }, reason: 'it was cold' },
        headers: { 'idempotency-key': key },
      });
      expect(asked.status, asked.text).to.equal(202);
      const payment = `payment-${paymentIdOf(id as OrderId, 1)}`;
      await until('it is asked for', () => race.types(payment).includes('RefundRequested'));
      return String(race.data(payment, 'RefundRequested')[0]?.['approval']);
    };
    await change({ automaticRefundUpTo: 0, automaticRefundUpToIn: [{ currency: 'EUR', upTo: 4 }] });
    expect(await refund('its-own-limit')).to.equal('auto');
    await change({ automaticRefundUpTo: 100, automaticRefundUpToIn: [{ currency: 'EUR', upTo: 3 }] });
    expect(await refund('less')).to.equal('required');
    await change({ automaticRefundUpTo: 100, automaticRefundUpToIn: [{ currency: 'JPY', upTo: 3 }] });
    expect(await refund('of-others')).to.equal('auto');
  });
});
