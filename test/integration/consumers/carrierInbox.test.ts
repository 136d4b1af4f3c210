import { expect } from 'chai';
import Stripe from 'stripe';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { startCarrierInboxes } from '../../../src/consumers/index.js';
import { shipmentStream } from '../../../src/domain/kernel/streams.js';
import { shipment } from '../../../src/domain/shipment/index.js';
import { carrierSignatures } from '../../../src/infrastructure/carriers/signatures.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { sealedText } from '../../../src/infrastructure/crypto/sealedText.js';
import { postgresWebhookInbox } from '../../../src/infrastructure/postgres/webhookInbox.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { anOrder, at, idOf, main, sku } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { postgres } from '../../support/services/index.js';
import { until } from '../../support/until.js';

const SECRET = 'a secret of the post';
const sealed = sealedText('a secret for tests only');
const shipmentId = idOf('shipment', 1);

describe('What carriers tell over HTTP', function () {
  this.timeout(300_000);
  let database: PostgresDatabase;
  let api: TestApi;
  let worker: WorkLoop | undefined;
  let faults: unknown[];

  before(async () => {
    const suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 8 });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.query('TRUNCATE webhook_inbox');
    faults = [];
    api = await startTestApi(({ webhooks }) => ({
      webhooks: {
        ...webhooks,
        carriers: carrierSignatures(new Map([['post', SECRET]])),
        inbox: postgresWebhookInbox(database, sealed, () => worker?.wake()),
      },
    }));
    const created = {
      shipmentId,
      orderId: anOrder,
      orderNumber: '4Q8Z-0K3M-7TXB-5',
      locationId: main,
      lines: [{ lineId: idOf('line', 1), sku: sku('tea'), name: 'Tea', qty: 1 }],
      createdAt: at,
    };
    await api.executor.execute(
      shipment,
      shipmentStream(shipmentId),
      { type: 'CreateShipment', shipment: created },
      {
        commandId: 'create',
        correlationId: 'correlation-1',
        causationId: null,
        actor: { kind: 'staff', id: 'staff/1' },
        tenant: 'main',
        at,
      },
    );
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await api.close();
  });

  const start = (): WorkLoop =>
    (worker = startCarrierInboxes({
      // another process than the one that serves
      executor: createExecutor({ eventStore: api.store, random: () => 0 }),
      clock: { now: () => new Date().toISOString() },
      tenant: 'main',
      database,
      sealed,
      carriers: ['post'],
      failed: (error) => faults.push(error),
    }));
  const said = (eventId: string, status: string, occurredAt: string, more = {}): string =>
    JSON.stringify({ eventId, shipmentId, status, occurredAt, ...more });
  const send = (
    payload: string,
    { secret = SECRET, carrier = 'post', timestamp = Math.floor(Date.now() / 1000) } = {},
  ) =>
    api.request('POST', `/v1/webhooks/carriers/${carrier}`, {
      body: payload,
      headers: { 'Carrier-Signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }) },
    });
  const rows = async () =>
    (
      await database.query<{ event_id: string; done: boolean; last_error: string | null }>(
        'SELECT event_id, processed_at IS NOT NULL AS done, last_error FROM webhook_inbox ORDER BY id',
      )
    ).rows;
  const allDone = (): Promise<void> =>
    until('every word is worked', async () => (await rows()).every(({ done }) => done));
  const types = (): string[] => api.store.events(shipmentStream(shipmentId)).map(({ type }) => type);

  it('moves the shipment, once for each event, however often and at once it comes', async () => {
    start();
    const word = said('c-1', 'in_transit', '2026-01-01T10:00:00+01:00', { trackingNo: 'RR1' });
    const answers = await Promise.all([send(word), send(word), send(word)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([202, 202, 202]);
    await allDone();
    expect(types()).to.deep.equal(['ShipmentCreated', 'CarrierUpdateRecorded', 'ShipmentDispatched']);
    const { body } = await api.request('GET', `/v1/shipments/${shipmentId}`);
    expect(body).to.include({ carrier: 'post', trackingNo: 'RR1', dispatchedAt: '2026-01-01T09:00:00.000Z' });
    expect(faults).to.deep.equal([]);
  });

  it('never moves it backwards: what comes late is written down and changes nothing', async () => {
    start();
    await send(said('c-3', 'delivered', '2026-01-01T12:00:00Z'));
    await allDone();
    await send(said('c-2', 'out_for_delivery', '2026-01-01T11:00:00Z'));
    await send(said('c-4', 'lost', '2026-01-02T00:00:00Z'));
    await allDone();
    expect((await api.request('GET', `/v1/shipments/${shipmentId}`)).body.state).to.equal('delivered');
    expect(types().filter((type) => type === 'CarrierUpdateRecorded')).to.have.length(3);
  });

  it('is worked by the next process where the one before ended between storing and working', async () => {
    await send(said('c-1', 'out_for_delivery', '2026-01-01T11:00:00Z'));
    expect(types()).to.deep.equal(['ShipmentCreated']);
    // a first try wrote the events and did not live to say so
    await database.query(`UPDATE webhook_inbox SET attempts = 1, next_try_at = now() - interval '1 s'`);
    start();
    await allDone();
    const once = types();
    await database.query(`UPDATE webhook_inbox SET processed_at = NULL, next_try_at = now() - interval '1 s'`);
    worker?.wake();
    await allDone();
    expect(types()).to.deep.equal(once);
  });

  it('is refused without the right signature, of the right time, of a carrier that is known; nothing is stored', async () => {
    const word = said('c-1', 'delivered', '2026-01-01T12:00:00Z');
    const tooOld = Math.floor(Date.now() / 1000) - 301;
    expect((await send(word, { secret: 'somebody else' })).body.type).to.equal('/problems/bad-signature');
    expect((await send(word, { timestamp: tooOld })).status).to.equal(400);
    expect((await send(word, { carrier: 'pigeons' })).status).to.equal(404);
    const unsigned = await api.request('POST', '/v1/webhooks/carriers/post', { body: word });
    expect(unsigned.status).to.equal(400);
    expect(await rows()).to.deep.equal([]);
  });

  it('names what is wrong with what was signed; nothing is stored', async () => {
    const wrong = await send(
      JSON.stringify({ eventId: '', shipmentId: 'x', status: 'eaten', occurredAt: 'noon', to: 1 }),
    );
    expect(wrong.status).to.equal(422);
    expect((wrong.body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).to.deep.equal([
      '/eventId',
      '/occurredAt',
      '/shipmentId',
      '/status',
      '/to',
    ]);
    expect((await send('{')).body.type).to.equal('/problems/malformed-json');
    const ahead = await send(said('c-1', 'delivered', '2999-01-01T12:00:00Z'));
    expect((ahead.body.errors as { pointer: string }[])[0]?.pointer).to.equal('/occurredAt');
    expect(await rows()).to.deep.equal([]);
  });

  it('about a shipment that does not exist is kept with why nothing came of it', async () => {
    start();
    await send(said('c-1', 'delivered', '2026-01-01T12:00:00Z').replace(shipmentId, idOf('shipment', 9)));
    await allDone();
    expect(await rows()).to.deep.equal([{ event_id: 'c-1', done: true, last_error: 'the shipment refused: NotFound' }]);
  });
});
