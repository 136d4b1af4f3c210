import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import type { Ask } from './ask.js';

/** The operations that say how the house is run. */
export async function setUp(ask: Ask): Promise<void> {
  const wanted = { ...DEFAULT_SETTINGS, reason: 'the season begins' };
  await ask('getSettings', 200);
  await ask('putSettings', 200, {}, { body: { ...wanted, maximumTotal: 50_000 } });
  await ask('putSettings', 428, {}, { body: wanted });
  await ask('putSettings', 412, {}, { body: wanted, headers: { 'if-match': '"r9"' } });
  await ask('putSettings', 422, {}, { body: {} });
  await ask('getSettings', 200);

  const terms = {
    name: 'Corner',
    timeZone: 'Europe/Berlin',
    modes: ['pickup'],
    taxRateBp: 1900,
    taxInclusive: true,
    paymentWindowMinutes: 15,
    defaultStation: 'main',
    hours: {
      weekly: [{ days: [1, 2, 3], from: '11:00', to: '22:00' }],
      exceptions: [
        { date: '2026-12-24', hours: [] },
        { date: '2026-12-24', hours: [{ from: '11:00', to: '14:00' }], modes: ['pickup'] },
      ],
    },
    stations: ['main', 'oven'],
    taxRates: [{ taxClass: 'food', rateBp: 700, validUntil: '2027-01-01T00:00:00Z' }],
    screening: { timeoutSeconds: 30, onSilence: 'hold', reviewAbove: 200 },
    reason: 'a new house',
  };
  const corner = { id: 'corner' };
  await ask('putLocation', 201, corner, { body: terms });
  await ask('putLocation', 428, corner, { body: { ...terms, name: 'Other' } });
  await ask('putLocation', 412, corner, { body: terms, headers: { 'if-match': '"r9"' } });
  await ask('putLocation', 422, corner, { body: { ...terms, timeZone: 'Mars' }, headers: { 'if-match': '*' } });
  await ask('putLocation', 200, corner, { body: { ...terms, name: 'Other' }, headers: { 'if-match': '*' } });
  await ask('pauseOrdering', 404, { id: 'nowhere' }, { body: { reason: 'no gas' } });
  await ask('pauseOrdering', 422, corner, { body: { reason: 'no gas', until: '2020-01-01T00:00:00Z' } });
  await ask('pauseOrdering', 200, corner, { body: { reason: 'no gas', until: '2099-01-01T00:00:00Z' } });
  await ask('getLocation', 200, corner);
  await ask('listSlots', 200, corner);
  await ask('listSlots', 400, corner, { query: '?mode=shipping' });
  await ask('listSlots', 404, { id: 'nowhere' });
  const wished = { locationId: 'corner', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] };
  await ask('placeOrder', 409, {}, { body: wished, headers: { 'idempotency-key': 'paused' } });
  await ask('resumeOrdering', 428, corner);
  await ask('resumeOrdering', 204, corner, { headers: { 'if-match': '*' } });
  await ask('getLocation', 404, { id: 'nowhere' });
  await ask('listLocations', 200);

  const soup = { sku: 'soup' };
  await ask('suspendOffer', 404, { sku: 'nothing' }, { body: { reason: 'sold out' } });
  await ask('suspendOffer', 422, soup, { body: { reason: 'sold out', today: true } });
  await ask('suspendOffer', 200, soup, { query: '?locationId=main', body: { reason: 'sold out', today: true } });
  await ask('getOffer', 200, soup);
  const missed = { ...wished, locationId: 'main' };
  await ask('placeOrder', 409, {}, { body: missed, headers: { 'idempotency-key': 'sold-out' } });
  await ask('resumeOffer', 428, soup, { query: '?locationId=main' });
  await ask('resumeOffer', 204, soup, { query: '?locationId=main', headers: { 'if-match': '*' } });

  const anyway = { headers: { 'if-match': '*' } };
  const price = { amount: 480, currency: 'EUR' };
  const gone = { sku: 'gone' };
  await ask('putOffer', 201, gone, { body: { name: 'Gone', price, trackStock: false } });
  await ask('setPrice', 428, gone, { body: { price } });
  await ask('setPrice', 422, gone, {
    query: '?locationId=main',
    body: { price: { ...price, currency: 'USD' } },
    ...anyway,
  });
  await ask('setPrice', 200, gone, {
    query: '?locationId=main',
    body: { price: { ...price, amount: 500 } },
    ...anyway,
  });
  await ask('getOffer', 200, gone);
  await ask('dropPrice', 400, gone, anyway);
  await ask('dropPrice', 204, gone, { query: '?locationId=main', ...anyway });
  await ask('retireOffer', 428, gone);
  await ask('retireOffer', 412, gone, { headers: { 'if-match': '"r9"' } });
  await ask('retireOffer', 204, gone, anyway);
  await ask('retireOffer', 404, { sku: 'nothing' }, anyway);
  await ask('setPrice', 409, gone, { body: { price }, ...anyway });
}
