import { expect } from 'chai';
import { type ApiDependencies, apiRoutes } from '../../../src/api/createApi.js';
import type { Route } from '../../../src/api/http/route.js';
import { problemSchema } from '../../../src/api/openapi/document.js';
import { PROBLEM_TYPES } from '../../../src/api/problems/types.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { follow } from '../../support/eventStream.js';
import { idOf } from '../../support/fixtures.js';
import { type Answer, type RequestOptions, startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { administer } from './administering.js';
import { expectToFit } from './fitting.js';
import { sendParcels } from './parcels.js';
import { decideAndPay } from './paying.js';
import { setUp } from './settingUp.js';
import { moveStock } from './stock.js';
import { seeToTasks } from './tasks.js';
import { openTicket } from './tickets.js';

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
      'put /v1/orders/{id}/promise',
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
      await ask('placeOrder', 400, {}, { body: wanted });
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
      const later = { body: { promisedAt: new Date(Date.now() + 86_400_000).toISOString() } };
      await ask('changePromise', 428, { id }, later);
      await ask('changePromise', 409, { id }, { ...later, headers: { 'if-match': '*' } });
      await ask('cancelOrder', 400, { id }, { body: { reason: 'enough' } });
      await ask('cancelOrder', 200, { id }, { body: { reason: 'enough' }, headers: { 'idempotency-key': 'off' } });
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
