import { expect } from 'chai';
import { freshCommandId } from '../../../src/commands/identity.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('What comes back, over HTTP', () => {
  const lineId = idOf('line', 1);
  let api: TestApi;
  const back = (lines: readonly object[], headers: Record<string, string> = { 'idempotency-key': 'a' }) =>
    api.request('POST', `/v1/orders/${anOrder}/returned-goods`, { body: { lines }, headers });
  beforeEach(async () => {
    api = await startTestApi();
    const context = () => ({
      commandId: freshCommandId(),
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' } as const,
      tenant: 'main',
      at,
    });
    const free = placedOrder({
      lines: [orderLine(1, { qty: 3, track: false })],
      total: eur(0),
      paymentMode: 'free',
      gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
    });
    const acceptance = { paymentId: aPayment, paymentDueAt: dueAt };
    for (const command of [
      { type: 'PlaceOrder', order: free, acceptance, allowedModes: ['pickup'] },
      { type: 'StartFulfilment', tickets: [], shipLines: [] },
      { type: 'RecordLinesFulfilled', by: 'tkt', lines: [{ lineId, qty: 3 }], how: 'handed_over', at },
    ] as const)
      await api.executor.execute(order, orderStream(anOrder), command, context());
  });
  afterEach(() => api.close());

  it('is counted once under its key, and the order shows it', async () => {
    const first = await back([{ lineId, qty: 1, condition: 'sellable' }]);
    expect([first.status, first.body['returns']], first.text).to.deep.equal([201, { status: 'partial' }]);
    const again = await back([{ lineId, qty: 1, condition: 'sellable' }]);
    expect([again.status, again.body['revision']]).to.deep.equal([201, first.body['revision']]);
    const rest = await back([{ lineId, qty: 2, condition: 'damaged' }], { 'idempotency-key': 'b' });
    expect(rest.body['returns']).to.deep.equal({ status: 'full' });
    expect(rest.body['lines']).to.have.nested.property('[0].returned', 3);
  });

  it('is refused where it is more than was handed over, with the places in the request', async () => {
    const { status, body } = await back([
      { lineId, qty: 2, condition: 'sellable' },
      { lineId, qty: 2, condition: 'damaged' },
    ]);
    expect([status, body['type']]).to.deep.equal([409, '/problems/quantity-not-available']);
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).to.deep.equal([
      '/lines/0/qty',
      '/lines/1/qty',
    ]);
  });

  it('names what is wrong with the request', async () => {
    const { status, body } = await back([{ lineId, qty: 0, condition: 'eaten' }]);
    expect([status, (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()]).to.deep.equal([
      422,
      ['/lines/0/condition', '/lines/0/qty'],
    ]);
    expect((await back([{ lineId, qty: 1, condition: 'sellable' }], {})).status).to.equal(400);
  });
});
