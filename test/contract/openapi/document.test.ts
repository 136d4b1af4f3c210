import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type ApiDependencies, apiRoutes } from '../../../src/api/createApi.js';
import type { Route } from '../../../src/api/http/route.js';
import { problemSchema } from '../../../src/api/openapi/document.js';
import { PROBLEM_TYPES } from '../../../src/api/problems/types.js';
import { pointerTo } from '../../../src/api/problems/validation.js';
import { faultOf, type Schema } from '../../../src/api/schema/schema.js';
import {
  freshCommandId,
  lineIdOf,
  paymentIdOf,
  refundIdOf,
  taskIdOf,
  ticketIdOf,
  ticketItemIdOf,
} from '../../../src/commands/identity.js';
import type { LocationId, OrderId, PaymentId, RefundId, ShipmentId, Sku } from '../../../src/domain/kernel/ids.js';
import { orderStream, paymentStream, taskStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { task } from '../../../src/domain/task/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import { administer } from './administering.js';
import { follow } from '../../support/eventStream.js';
import { anOrder, aPayment, dueAt, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { type Answer, type RequestOptions, startTestApi, type TestApi } from '../../support/inMemory/api.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Record<string, unknown> }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

describe('The API document', () => {
  let api: TestApi;
  let document: Document;
  let routes: readonly Route[];
  before(async () => {
    api = await startTestApi((usual: ApiDependencies) => {
      routes = apiRoutes(usual);
      return {};
    });
    document = (await api.request('GET', '/v1/openapi.json')).body as unknown as Document;
  });
  after(() => api.close());

  it('describes exactly the routes that there are', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).to.deep.equal(routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(described).to.include.members([
      'put /v1/offers/{sku}',
      'get /v1/offers',
      'get /v1/offers/{sku}',
      'put /v1/stock/{sku}/{locationId}',
      'get /v1/stock',
      'get /v1/stock/{sku}/{locationId}',
      'post /v1/stock/{sku}/{locationId}/receipts',
      'post /v1/stock/{sku}/{locationId}/adjustments',
      'post /v1/stock/{sku}/{locationId}/transfers',
      'get /v1/stock/{sku}/{locationId}/movements',
      'post /v1/orders',
      'get /v1/orders/{id}',
      'get /v1/orders',
      'get /v1/orders/{id}/timeline',
      'get /v1/orders/{id}/stream',
      'post /v1/orders/{id}/cancellations',
      'put /v1/orders/{id}/delivery',
      'post /v1/orders/{id}/shipments',
      'get /v1/orders/{id}/shipments',
      'get /v1/shipments',
      'get /v1/shipments/{id}',
      'post /v1/shipments/{id}/pack',
      'post /v1/shipments/{id}/label',
      'post /v1/shipments/{id}/courier',
      'post /v1/shipments/{id}/dispatch',
      'post /v1/shipments/{id}/deliver',
      'post /v1/shipments/{id}/attempts',
      'post /v1/shipments/{id}/return',
      'post /v1/shipments/{id}/loss',
      'post /v1/shipments/{id}/cancellation',
      'get /v1/kitchen/tickets',
      'get /v1/kitchen/tickets/{id}',
      'get /v1/kitchen/stream',
      'post /v1/kitchen/tickets/{id}/items/{itemId}/start',
      'post /v1/kitchen/tickets/{id}/items/{itemId}/done',
      'post /v1/kitchen/tickets/{id}/items/{itemId}/recall',
      'post /v1/kitchen/tickets/{id}/items/{itemId}/void-ack',
      'post /v1/kitchen/tickets/{id}/bump',
      'post /v1/kitchen/tickets/{id}/recall',
      'post /v1/kitchen/tickets/{id}/fire',
      'post /v1/kitchen/tickets/{id}/rush',
      'put /v1/kitchen/tickets/{id}/promise',
      'post /v1/kitchen/tickets/{id}/hand-over',
      'post /v1/webhooks/stripe',
      'post /v1/webhooks/carriers/{name}',
      'get /v1/admin/health',
      'get /v1/openapi.json',
      'get /docs',
      'get /livez',
      'get /readyz',
    ]);
  });

  it('reaches every route that it describes', async () => {
    for (const { method, path } of routes) {
      const probe = await api.request('OPTIONS', path.replaceAll(/\{\w+\}/g, 'x'));
      expect(probe.status, path).to.equal(204);
      expect(probe.headers.get('allow'), path).to.contain(method.toUpperCase());
    }
  });

  it('resolves every reference, names every operation once and declares every path parameter', () => {
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas, name).to.have.property(name);
    }
    const ids = routes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { path, params } of routes) {
      expect(Object.keys(params)).to.have.members([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    expect(document.openapi).to.equal('3.1.0');
  });

  describe('is kept by real answers', () => {
    const used = new Set<string>();

    /** Asks, and holds the answer against what the document's own schema says of that status. */
    const ask = async (
      operationId: string,
      status: number,
      values: Record<string, string> = {},
      { query = '', ...options }: RequestOptions & { query?: string } = {},
    ): Promise<Answer> => {
      const route = routes.find((candidate) => candidate.operationId === operationId);
      if (!route) throw new Error(`no operation ${operationId}`);
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'missing');
      const answer = await api.request(route.method.toUpperCase(), `${path}${query}`, options);
      expect(answer.status, `${operationId}: ${answer.text}`).to.equal(status);
      expect(Object.keys(document.paths[route.path]?.[route.method]?.responses ?? {})).to.include(String(status));
      const schema = status >= 400 ? problemSchema : route.answers[status]?.schema;
      if (schema && answer.text !== '') expectToFit(schema, answer.body);
      used.add(operationId);
      return answer;
    };

    /** Opens a stream, and holds the data of its first event against the schema. */
    const askForFirst = async (operationId: string, path: string): Promise<void> => {
      const stream = await follow(`${api.base}${path}`);
      const { data } = await stream.event(`${operationId} begins`, () => true);
      stream.close();
      const schema = routes.find((candidate) => candidate.operationId === operationId)?.answers[200]?.schema;
      if (!schema) throw new Error(`no schema of ${operationId}`);
      expectToFit(schema, data);
      used.add(operationId);
    };

    it('from offer to hand-over, and on the way to each refusal', async () => {
      const offer = { name: 'Soup', price: { amount: 450, currency: 'EUR' }, trackStock: false, prepSeconds: 5 };
      await ask('putOffer', 201, { sku: 'soup' }, { body: offer });
      await ask('putOffer', 200, { sku: 'soup' }, { body: offer, headers: { 'if-match': '*' } });
      await ask('putOffer', 428, { sku: 'soup' }, { body: offer });
      await ask('putOffer', 412, { sku: 'soup' }, { body: offer, headers: { 'if-match': '"r9"' } });
      await ask('putOffer', 422, { sku: 'soup' }, { body: { price: 1 } });
      await ask('getOffer', 200, { sku: 'soup' });
      await ask('getOffer', 404, { sku: 'nothing' });
      await ask('listOffers', 200);
      await ask('listOffers', 400, {}, { query: '?limit=0' });
      await ask('putStock', 201, { sku: 'soup', locationId: 'main' }, { body: { onHand: 5 } });
      await ask(
        'putStock',
        200,
        { sku: 'soup', locationId: 'main' },
        { body: { onHand: 6 }, headers: { 'if-match': '*' } },
      );
      await ask('getStock', 200, { sku: 'soup', locationId: 'main' });

      await moveStock(ask);
      await setUp(ask);

      const wanted = {
        locationId: 'main',
        mode: 'pickup',
        lines: [{ sku: 'soup', quantity: 2 }],
        merchantOrderNo: 'M-1',
        contact: { name: 'Ada', email: 'ada@example.com', phone: '+4930123456' },
        address: { name: 'Ada', street: 'Way 1', city: 'Ulm', postalCode: '89073', country: 'DE' },
        locale: 'de-DE',
      };
      const placed = await ask('placeOrder', 201, {}, { body: wanted, headers: { 'idempotency-key': 'k' } });
      await ask('placeOrder', 201, {}, { body: wanted, headers: { 'idempotency-key': 'k' } });
      await ask('placeOrder', 400, {}, { body: order });
      const quoted = { locationId: 'main', mode: 'pickup', lines: wanted.lines };
      await ask('quoteOrder', 200, {}, { body: quoted });
      await ask('quoteOrder', 422, {}, { body: {} });
      const dearer = { ...quoted, priceHash: 'x'.repeat(43) };
      await ask('placeOrder', 409, {}, { body: dearer, headers: { 'idempotency-key': 'k5' } });
      await ask('placeOrder', 409, {}, { body: wanted, headers: { 'idempotency-key': 'k2' } });
      await ask(
        'placeOrder',
        422,
        {},
        { body: { ...wanted, merchantOrderNo: 'M-3', mode: 'delivery' }, headers: { 'idempotency-key': 'k3' } },
      );
      const unknown = { ...wanted, merchantOrderNo: 'M-2', lines: [{ sku: 'none', quantity: 1 }] };
      await ask('placeOrder', 409, {}, { body: unknown, headers: { 'idempotency-key': 'k4' } });
      const id = placed.body.id as OrderId;
      await ask('getOrder', 200, { id });
      await ask('getOrder', 200, { id }, { query: '?revision=0' });
      await ask('getOrder', 304, { id }, { headers: { 'if-none-match': '*' } });
      await ask('getOrder', 409, { id }, { query: '?minRevision=50' });
      await ask('getOrder', 404, { id: 'ord_01j00000000000000000000000' });
      await ask('getOrderByMerchantNumber', 200, { number: 'M-1' });
      await ask('getOrderByMerchantNumber', 304, { number: 'M-1' }, { headers: { 'if-none-match': '*' } });
      const { number } = (await ask('getOrderByMerchantNumber', 200, { number: 'M-1' })).body as { number: string };
      const called = { number: encodeURIComponent(number) };
      await ask('getOrderByNumber', 200, called);
      await ask('getOrderByNumber', 304, called, { headers: { 'if-none-match': '*' } });
      await ask('getOrderByNumber', 404, { number: '0000-0000-0000-0' });
      await ask('getOrderByMerchantNumber', 404, { number: 'M-9' });
      await ask('listOrders', 200);
      await ask('getOrderTimeline', 200, { id });
      await openTicket(api, id);
      const tickets = await ask('listTickets', 200);
      const [shown] = tickets.body.items as { id: string; items: { itemId: string }[] }[];
      const ticketId = shown?.id ?? '';
      const itemId = shown?.items[0]?.itemId ?? '';
      await ask('finishItem', 409, { id: ticketId, itemId });
      await ask('handOverTicket', 409, { id: ticketId });
      await ask('startItem', 409, { id: ticketId, itemId }, { body: { station: 'nowhere' } });
      await ask('startItem', 200, { id: ticketId, itemId });
      await ask('acknowledgeVoid', 409, { id: ticketId, itemId });
      await ask('fireTicket', 200, { id: ticketId });
      await ask('rushTicket', 200, { id: ticketId });
      await ask('promiseTicket', 200, { id: ticketId }, { body: { promisedAt: '2030-01-01T12:00:00Z' } });
      await ask('finishItem', 200, { id: ticketId, itemId });
      await ask('recallItem', 200, { id: ticketId, itemId });
      await ask('recallTicket', 200, { id: ticketId });
      await ask('getTicket', 200, { id: ticketId });
      await ask('getTicket', 304, { id: ticketId }, { headers: { 'if-none-match': '*' } });
      await askForFirst('followKitchen', '/v1/kitchen/stream');
      await ask('followKitchen', 400, {}, { query: '?station=' });
      await askForFirst('followOrder', `/v1/orders/${id}/stream`);
      await ask('followOrder', 404, { id: 'ord_01j00000000000000000000000' });
      await ask('bumpTicket', 200, { id: ticketId });
      await ask('handOverTicket', 200, { id: ticketId }, { body: { to: 'customer' } });
      await ask('cancelOrder', 200, { id }, { body: { reason: 'enough' } });
      await decideAndPay(ask, api);
      await seeToTasks(ask, api);
      await sendParcels(ask, api);
      const said = {
        eventId: 'c-1',
        shipmentId: idOf('shipment', 1),
        status: 'delivered',
        occurredAt: '2026-01-01T00:00:00Z',
      };
      await ask('receiveCarrierWebhook', 404, { name: 'nobody' }, { body: said });
      await ask('receiveCarrierWebhook', 400, { name: 'post' }, { body: said });
      const signed = { headers: { 'carrier-signature': 'good' } };
      await ask('receiveCarrierWebhook', 422, { name: 'post' }, { ...signed, body: { ...said, status: 'eaten' } });
      await ask('receiveCarrierWebhook', 202, { name: 'post' }, { ...signed, body: said });
      await ask('receiveStripeWebhook', 400, {}, { body: {} });
      await ask('receiveStripeWebhook', 200, {}, { body: {}, headers: { 'stripe-signature': 'good' } });
      await administer(ask, api);
      await ask('getApiDocument', 200);
      await ask('readDocs', 200);
      await ask('checkAlive', 200);
      await ask('checkReady', 200);
      await ask('readHealth', 200);
    });

    it('for every operation', () => {
      expect([...used].sort()).to.deep.equal(routes.map(({ operationId }) => operationId).sort());
    });
  });

  it('lists every kind of problem on the page', async () => {
    const { text } = await api.request('GET', '/docs');
    for (const slug of Object.keys(PROBLEM_TYPES)) expect(text).to.contain(`id="${slug}"`);
  });
});

/** The operations that say how the house is run. */
async function setUp(ask: Ask): Promise<void> {
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

const EXTENSIONS = [
  'what',
  'id',
  'current',
  'allowed',
  'items',
  'existing',
  'offered',
  'openItems',
  'itemId',
  'station',
  'parameter',
  'offset',
  'refundable',
  'lines',
  'decideBy',
  'first',
  'why',
  'until',
  'opensAt',
  'quote',
  'currencies',
  'minimum',
  'missing',
];

/** Problem documents may have members beyond the schema's, as RFC 9457 allows; ours are these. */
function expectToFit(schema: Schema<unknown>, body: Readonly<Record<string, unknown>>): void {
  const isProblem = schema === problemSchema;
  const known = Object.fromEntries(Object.entries(body).filter(([name]) => !isProblem || !EXTENSIONS.includes(name)));
  const decoded = schema.codec.decode(known);
  const faults = E.isLeft(decoded)
    ? decoded.left.map((error) => `${pointerTo(error.context.slice(1).map(({ key }) => key))} ${faultOf(error).text}`)
    : [];
  expect(faults, JSON.stringify(body)).to.deep.equal([]);
}

type Ask = (
  operationId: string,
  status: number,
  values?: Record<string, string>,
  options?: RequestOptions & { readonly query?: string },
) => Promise<Answer>;

/** What people decide about an order, and the money for it. No process runs here: what one would do is done by hand. */
async function decideAndPay(ask: Ask, api: TestApi): Promise<void> {
  const place = async (key: string): Promise<OrderId> => {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 2 }] };
    return (await ask('placeOrder', 201, {}, { body, headers: { 'idempotency-key': key } })).body.id as OrderId;
  };
  const held = await place('held');
  await ask('holdOrder', 201, { id: held }, { body: { reason: 'a strange order' } });
  await ask('resolveHold', 422, { id: held }, { body: { decision: 'amend', lines: [] } });
  await ask('resolveHold', 200, { id: held }, { body: { decision: 'accept' } });
  await ask('resolveHold', 409, { id: held }, { body: { decision: 'accept' } });
  await ask('addNote', 201, { id: held }, { body: { text: 'ring twice' } });
  await ask('cancelOrder', 200, { id: held }, { body: { reason: 'enough' } });
  await ask('completeOrder', 409, { id: held });
  const goods = { lines: [{ lineId: idOf('line', 9), qty: 1, condition: 'sellable' }] };
  await ask('recordReturn', 400, { id: held }, { body: goods });
  await ask('recordReturn', 409, { id: held }, { body: goods, headers: { 'idempotency-key': 'back' } });

  const id = await place('paid');
  const payment = paymentIdOf(id, 1);
  await openPayment(api, id, 900);
  await ask('listPayments', 200, { id });
  await ask('getPayment', 200, { id: payment });
  await ask('getPayment', 304, { id: payment }, { headers: { 'if-none-match': '*' } });
  await ask('getPayment', 404, { id: paymentIdOf(held, 2) });
  const wish = { reason: 'it was cold', amount: { amount: 100, currency: 'EUR' } };
  await ask('refundOrder', 400, { id }, { body: wish });
  await ask('refundOrder', 422, { id }, { body: { reason: 'cold' }, headers: { 'idempotency-key': 'r0' } });
  await ask('refundOrder', 202, { id }, { body: wish, headers: { 'idempotency-key': 'r1' } });
  const tooMuch = { ...wish, amount: { amount: 900, currency: 'EUR' } };
  const refused = await ask('refundOrder', 409, { id }, { body: tooMuch, headers: { 'idempotency-key': 'r2' } });
  expect(refused.body.type).to.equal('/problems/refund-exceeds-captured');
  await ask('syncPayment', 202, { id: payment });
  await ask('syncPayment', 200, { id: payment }, { headers: { prefer: 'wait=5' } });
  await ask('syncPayment', 404, { id: paymentIdOf(held, 2) });
  await ask('returnFromPayment', 303, { id: payment });
  await ask('returnFromPayment', 404, { id: paymentIdOf(held, 2) });
  const keyed = { 'idempotency-key': 'p1' };
  await ask('capturePayment', 400, { id: payment });
  await ask('capturePayment', 202, { id: payment }, { headers: keyed });
  await ask('voidPayment', 400, { id: payment }, { body: { reason: 'nobody came' } });
  await ask('voidPayment', 409, { id: payment }, { body: { reason: 'nobody came' }, headers: keyed });
  await ask('requestPayment', 400, { id });
  await ask('requestPayment', 409, { id }, { headers: keyed });
  const more = { body: { add: [{ sku: 'soup', quantity: 1 }] }, headers: { 'if-match': '*', ...keyed } };
  await ask('amendOrder', 400, { id }, { ...more, headers: { 'if-match': '*' } });
  await ask('amendOrder', 428, { id }, { ...more, headers: keyed });
  await ask('amendOrder', 412, { id }, { ...more, headers: { 'if-match': '"r0"', ...keyed } });
  await ask('amendOrder', 422, { id }, { ...more, body: {}, headers: { 'if-match': '*', 'idempotency-key': 'p2' } });
  await ask('amendOrder', 200, { id }, { ...more, query: '?dryRun=true' });
  await ask('amendOrder', 201, { id }, more);
  await ask('amendOrder', 409, { id: held }, more);
  await ask('payLater', 409, { id });
  const waiting = await place('waiting');
  await ask('requestPayment', 200, { id: waiting }, { headers: keyed });
  await ask('payLater', 422, { id: waiting });
  const refund = await requestRefund(api, payment, 1);
  await ask('approveRefund', 200, { id: payment, refundId: refund });
  await ask('rejectRefund', 409, { id: payment, refundId: refund }, { body: { reason: 'no' } });
  const other = await requestRefund(api, payment, 2);
  await ask('rejectRefund', 200, { id: payment, refundId: other }, { body: { reason: 'no' } });
  await ask('approveRefund', 409, { id: payment, refundId: other });
  await ask('approveRefund', 404, { id: payment, refundId: refundIdOf(payment, 'nothing') });
  const [third, fourth] = [await requestRefund(api, payment, 3), await requestRefund(api, payment, 4)];
  await ask('approveRefundById', 404, { refundId: third });
  for (const one of [third, fourth]) await openApproval(api, payment, one);
  await ask('approveRefundById', 200, { refundId: third });
  await ask('rejectRefundById', 409, { refundId: third }, { body: { reason: 'no' } });
  await ask('rejectRefundById', 200, { refundId: fourth }, { body: { reason: 'no' } });
  const [line] = (await ask('getOrder', 200, { id })).body.lines as { lineId: string }[];
  const one = { reason: 'no tuna', lines: [{ lineId: line?.lineId, qty: 1 }] };
  await ask('cancelOrder', 200, { id }, { body: one });
  await ask('cancelOrder', 409, { id }, { body: { ...one, lines: [{ lineId: line?.lineId, qty: 9 }] } });
  await ask('cancelOrder', 202, { id }, { body: { reason: 'enough' } });
}

/** What the process of tasks does about a refund that has to be approved. */
async function openApproval(api: TestApi, paymentId: PaymentId, refundId: RefundId): Promise<void> {
  const taskId = taskIdOf('refund_approval', refundId);
  const wish = {
    taskId,
    kind: 'refund_approval',
    about: { paymentId, refundId },
    text: 'so much',
    openedAt: dueAt,
  } as const;
  await api.executor.execute(task, taskStream(taskId), { type: 'OpenTask', task: wish }, byTest());
  // seen to or not, it knows its payment
  await api.executor.execute(task, taskStream(taskId), { type: 'CompleteTask', by: 'test', at: dueAt }, byTest());
}

/** A task that some process opened, and what people do about it. */
async function seeToTasks(ask: Ask, api: TestApi): Promise<void> {
  const id = taskIdOf('dispute', 'dp_1');
  await api.executor.execute(
    task,
    taskStream(id),
    {
      type: 'OpenTask',
      task: {
        taskId: id,
        kind: 'dispute',
        about: {},
        text: 'the payer disputes it',
        openedAt: new Date().toISOString(),
      },
    },
    byTest(),
  );
  expect((await ask('listTasks', 200)).body.items).to.have.length(1);
  await ask('listTasks', 400, {}, { query: '?state=forgotten' });
  await ask('completeTask', 412, { id }, { headers: { 'if-match': '"r7"' } });
  const done = await ask('completeTask', 200, { id }, { body: { note: 'evidence sent' } });
  expect(done.body).to.deep.include({ state: 'done', kind: 'dispute' });
  await ask('completeTask', 404, { id: taskIdOf('dispute', 'dp_2') });
  expect((await ask('listTasks', 200)).body.items).to.deep.equal([]);
  expect((await ask('listTasks', 200, {}, { query: '?state=done&kind=dispute' })).body.items).to.have.length(1);
}

/** Goods come, are counted and go on. */
async function moveStock(ask: Ask): Promise<void> {
  const here = { sku: 'soup', locationId: 'main' };
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  expect((await ask('listStock', 200, {}, { query: '?sku=soup' })).body.items).to.have.length(1);
  await ask('listStock', 400, {}, { query: '?cursor=x' });
  const receipt = { qty: 4, ref: 'note 1', cost: { amount: 400, currency: 'EUR' } };
  await ask('receiveStock', 400, here, { body: receipt });
  await ask('receiveStock', 201, here, { body: receipt, ...keyed('r') });
  await ask('receiveStock', 404, { ...here, sku: 'nothing' }, { body: receipt, ...keyed('r') });
  await ask('getStockPolicy', 200, here);
  await ask('getStockPolicy', 404, { ...here, sku: 'nothing' });
  const policy = { threshold: 2, safety: 1, backorderLimit: 0 };
  await ask('setStockPolicy', 428, here, { body: policy });
  await ask('setStockPolicy', 412, here, { body: policy, headers: { 'if-match': '"r999"' } });
  await ask('setStockPolicy', 422, here, { body: { ...policy, safety: -1 }, headers: { 'if-match': '*' } });
  await ask('setStockPolicy', 404, { ...here, sku: 'nothing' }, { body: policy, headers: { 'if-match': '*' } });
  await ask('setStockPolicy', 200, here, { body: policy, headers: { 'if-match': '*' } });
  const count = { counted: 7, reason: 'a bottle broke' };
  await ask('adjustStock', 428, here, { body: count });
  await ask('adjustStock', 201, here, { body: count, headers: { 'if-match': '*' } });
  await ask('transferStock', 422, here, { body: { to: 'main', qty: 1 }, ...keyed('t') });
  await ask('transferStock', 404, here, { body: { to: 'harbour', qty: 1 }, ...keyed('u') });
  const moved = await ask('listStockMovements', 200, here, { query: '?limit=2' });
  expect(moved.body.items).to.have.length(2);
  await ask('listStockMovements', 400, here, { query: '?cursor=x' });
}

/** What is sent: packed and delivered, taken back, returned, lost. */
async function sendParcels(ask: Ask, api: TestApi): Promise<void> {
  const lines = [orderLine(1, { qty: 4, track: false })];
  const free = { total: { amount: 0, currency: 'EUR' }, paymentMode: 'free' } as const;
  const gates = { check: 'skipped', stock: 'skipped', discounts: 'skipped' } as const;
  const commands: readonly OrderCommand[] = [
    {
      type: 'PlaceOrder',
      order: placedOrder({ mode: 'shipping', lines, gates, ...free }),
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['shipping'],
    },
    { type: 'StartFulfilment', tickets: [], shipLines: lines.map(({ lineId }) => lineId) },
  ];
  for (const command of commands) await api.executor.execute(order, orderStream(anOrder), command, byTest());
  const address = { name: 'A guest', street: 'Via Breve 1', city: 'Genova', postalCode: '16100', country: 'IT' };
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const moved = { body: { promisedAt: inDays(1), address } };
  const inTime = { ...moved, headers: { 'if-match': '*' } };
  await ask('changeDelivery', 428, { id: anOrder }, moved);
  await ask('changeDelivery', 200, { id: anOrder }, inTime);
  const parcel = async (key: string): Promise<{ readonly id: string }> => {
    const body = { lines: lines.map(({ lineId }) => ({ lineId, qty: 1 })) };
    const made = await ask('createShipment', 201, { id: anOrder }, { body, headers: { 'idempotency-key': key } });
    return { id: made.body.id as string };
  };
  const [arrives, stays, comesBack, isLost] = [
    await parcel('a'),
    await parcel('b'),
    await parcel('c'),
    await parcel('d'),
  ];
  const more = { lines: [{ lineId: lines[0]?.lineId, qty: 1 }] };
  await ask('createShipment', 409, { id: anOrder }, { body: more, headers: { 'idempotency-key': 'e' } });
  await ask('listShipments', 200, { id: anOrder });
  await ask('getShipment', 200, arrives);
  const listed = await ask('listAllShipments', 200, {}, { query: '?state=pending&limit=3' });
  expect(listed.body.items).to.have.length(3);
  await ask('listAllShipments', 400, {}, { query: '?cursor=x' });
  await ask('packShipment', 200, arrives);
  await ask('assignCourier', 200, arrives, { body: { courier: 'staff/7' } });
  await ask('assignCourier', 422, arrives, { body: { courier: 'Ada Lovelace' } });
  const booking = { body: { carrier: 'post', service: 'express', parcels: [{ weight: 1200, length: 400 }] } };
  await ask('buyShipmentLabel', 200, arrives, booking);
  await ask('buyShipmentLabel', 409, arrives, booking);
  const post = { body: { carrier: 'post', trackingNo: 'RR1' } };
  for (const parcelThatLeaves of [arrives, comesBack, isLost]) {
    await ask('dispatchShipment', 200, parcelThatLeaves, post);
  }
  const why = { body: { reason: 'nobody there' } };
  await ask('failDelivery', 200, arrives, why);
  await ask('deliverShipment', 200, arrives);
  await ask('returnShipment', 200, comesBack, why);
  await ask('loseShipment', 200, isLost, why);
  const shipmentId = arrives.id as ShipmentId;
  const left: OrderCommand = { type: 'RecordDispatch', shipmentId, carrier: 'post' };
  await api.executor.execute(order, orderStream(anOrder), left, byTest());
  await ask('changeDelivery', 409, { id: anOrder }, { ...inTime, body: { promisedAt: inDays(2) } });
  await ask('cancelShipment', 200, stays, why);
  await ask('cancelShipment', 409, arrives, why);
}

const byTest = () => ({
  commandId: freshCommandId(),
  correlationId: 'test',
  causationId: null,
  actor: { kind: 'system', id: 'system/test' } as const,
  tenant: 'main',
  at: new Date().toISOString(),
});

/** The payment of an order, captured and counted. */
async function openPayment(api: TestApi, orderId: OrderId, cents: number): Promise<void> {
  const paymentId = paymentIdOf(orderId, 1);
  const amount = { amount: cents, currency: 'EUR' };
  const dueAt = new Date().toISOString();
  const stream = paymentStream(paymentId);
  await api.executor.execute(payment, stream, { type: 'OpenPayment', paymentId, orderId, amount, dueAt }, byTest());
  await api.executor.execute(
    payment,
    stream,
    {
      type: 'RecordProviderState',
      orderId,
      observation: {
        sessionId: 'cs_1',
        sessionStatus: 'complete',
        paymentStatus: 'paid',
        amount,
        intentId: 'pi_1',
        readAt: dueAt,
      },
      seenBy: 'poll',
    },
    byTest(),
  );
  await api.executor.execute(
    order,
    orderStream(orderId),
    { type: 'ApplyPayment', paymentId, intentId: 'pi_1', amount, method: 'card' },
    byTest(),
  );
}

async function requestRefund(api: TestApi, paymentId: PaymentId, n: number): Promise<RefundId> {
  const refundId = refundIdOf(paymentId, `wish ${n}`);
  await api.executor.execute(
    payment,
    paymentStream(paymentId),
    {
      type: 'RequestRefund',
      refundId,
      intentId: 'pi_1',
      amount: { amount: 100, currency: 'EUR' },
      reason: 'goodwill',
      approval: 'required',
      requestedBy: 'admin/local',
      requestedAt: new Date().toISOString(),
    },
    byTest(),
  );
  return refundId;
}

async function openTicket(api: TestApi, orderId: OrderId): Promise<void> {
  const locationId = 'main' as LocationId;
  const ticketId = ticketIdOf(orderId, locationId);
  const lineId = lineIdOf(orderId, 0);
  const item = { itemId: ticketItemIdOf(ticketId, lineId), lineId, sku: 'soup' as Sku, name: 'Soup', qty: 2 };
  const openedAt = new Date().toISOString();
  await api.executor.execute(
    ticket,
    ticketStream(ticketId),
    {
      type: 'OpenTicket',
      ticket: {
        ticketId,
        orderId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        locationId,
        mode: 'pickup',
        items: [{ ...item, options: [], station: 'main', prepSeconds: 5 }],
        rush: false,
        openedAt,
      },
    },
    {
      commandId: freshCommandId(),
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at: openedAt,
    },
  );
}
