import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

const NOW = '2026-05-04T10:07:00.000Z';
const after = (minutes: number): string => new Date(Date.parse(NOW) + 60_000 * minutes).toISOString();

describe('Holding an order over HTTP', () => {
  let api: TestApi;
  let placed = 0;
  beforeEach(async () => {
    api = await startTestApi(() => ({ clock: { now: () => NOW } }));
    const offer = { name: 'Soup', price: { amount: 500, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: offer });
  });
  afterEach(() => api.close());

  const hold = async (body: object) => {
    const { body: order } = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] },
      headers: { 'idempotency-key': `order-${(placed += 1)}` },
    });
    return api.request('POST', `/v1/orders/${String(order['id'])}/hold`, { body });
  };

  it('is for a reason of the house, or a shortage, each for as long as the settings say', async () => {
    const { manualDecisionMinutes, shortageDecisionMinutes } = DEFAULT_SETTINGS;
    expect(manualDecisionMinutes).not.to.equal(shortageDecisionMinutes);
    for (const [kind, minutes] of [
      [undefined, manualDecisionMinutes],
      ['manual', manualDecisionMinutes],
      ['shortage', shortageDecisionMinutes],
    ] as const) {
      const { status, body } = await hold({ reason: 'no soup', ...(kind === undefined ? {} : { kind }) });
      expect([status, body['status'], body['hold']]).to.deep.equal([
        201,
        'on_hold',
        { kind: kind ?? 'manual', detail: 'no soup', decideBy: after(minutes), resumeTo: 'awaiting_payment' },
      ]);
    }
  });

  it('is for nothing that only the house itself can find', async () => {
    const { status, body } = await hold({ reason: 'no soup', kind: 'mismatch' });
    expect([status, (body['errors'] as readonly { pointer: string }[]).map(({ pointer }) => pointer)]).to.deep.equal([
      422,
      ['/kind'],
    ]);
  });
});
