import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { startWebhookInbox } from '../../../src/consumers/index.js';
import { InboxTable, webhooksWaiting } from '../../../src/consumers/payment/webhookInbox/inboxTable.js';
import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { payment } from '../../../src/domain/payment/index.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { inboxPlace } from '../../../src/consumers/ports/sealedText.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { sealedText } from '../../../src/infrastructure/crypto/sealedText.js';
import { postgresWebhookInbox } from '../../../src/infrastructure/postgres/webhookInbox.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { anOrder, aPayment, at, dueAt, eur } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { postgres } from '../../support/services/index.js';
import type { SuiteDatabase } from '../../support/services/index.js';
import { until } from '../../support/until.js';
import { MemoryProvider } from '../../support/world/provider.js';

const SESSION = `cs_${aPayment}_1`;

const sealed = sealedText('a secret for tests only');

describe('the webhook inbox in PostgreSQL', function () {
  this.timeout(300_000);
  let suite: SuiteDatabase;
  let database: PostgresDatabase;
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs).toISOString() };
  let store: InMemoryEventStore;
  let provider: MemoryProvider;
  let worker: WorkLoop | undefined;
  let faults: unknown[] = [];

  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 8 });
  });
  beforeEach(async () => {
    await database.query('TRUNCATE webhook_inbox');
    aheadMs = 0;
    faults = [];
    store = new InMemoryEventStore();
    provider = new MemoryProvider();
    await provider.createSession({
      paymentId: aPayment,
      orderId: anOrder,
      attempt: 1,
      openedAt: at,
      amount: eur(2000),
      description: 'Order',
      expiresAt: dueAt,
      successUrl: '',
      cancelUrl: '',
    });
    await createExecutor({ eventStore: store, random: () => 0 }).execute(
      payment,
      paymentStream(aPayment),
      { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt },
      {
        commandId: 'open',
        correlationId: 'correlation-1',
        causationId: null,
        actor: { kind: 'system', id: 'system/test' },
        tenant: 'main',
        at,
      },
    );
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
  });
  after(async () => {
    await database.close();
    await suite.drop();
  });

  const start = (): WorkLoop =>
    (worker = startWebhookInbox({
      executor: createExecutor({ eventStore: store, random: () => 0 }),
      clock,
      provider,
      tenant: 'main',
      database,
      sealed,
      providerName: 'stripe',
      failed: (error) => faults.push(error),
    }));
  const receive = async (eventId: string, eventType = 'checkout.session.completed', ofProvider = 'stripe') => {
    const object = { kind: 'checkout.session', id: SESSION };
    const body = JSON.stringify({ id: eventId, type: eventType, createdAt: at, live: false, object });
    return postgresWebhookInbox(database, sealed, () => worker?.wake()).store({
      provider: ofProvider,
      eventId,
      eventType,
      body,
    });
  };
  const rowOf = async (eventId: string) => {
    const { rows } = await database.query<{
      processed: boolean;
      attempts: number;
      last_error: string | null;
      waits: number;
    }>(
      `SELECT processed_at IS NOT NULL AS processed, attempts, last_error,
              round(extract(epoch FROM next_try_at - $2::timestamptz))::int AS waits
         FROM webhook_inbox WHERE event_id = $1`,
      [eventId, clock.now()],
    );
    return rows[0];
  };
  const processed = (eventId: string): Promise<void> =>
    until(`${eventId} is processed`, async () => (await rowOf(eventId))?.processed === true);
  const types = (): string[] => store.events(paymentStream(aPayment)).map(({ type }) => type);

  it('is worked as soon as something is stored: the payment is captured once, however many webhooks tell of it', async () => {
    provider.pay(SESSION);
    start();
    await Promise.all(['evt_1', 'evt_2', 'evt_3'].map((id) => receive(id)));
    expect(await receive('evt_1')).to.equal('known');
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await processed(id);
    expect(types()).to.deep.equal(['PaymentOpened', 'PaymentCaptured']);
    expect((await rowOf('evt_1'))?.last_error).to.equal(null);
  });

  it('is read by nobody who has the table alone, and in no other place', async () => {
    await receive('evt_1');
    const { rows } = await database.query<{ body: string }>('SELECT body FROM webhook_inbox');
    const kept = rows[0]?.body ?? '';
    expect(Buffer.from(kept.slice(3), 'base64url').toString('latin1')).not.to.contain(SESSION);
    expect(sealed.open(kept, inboxPlace('stripe'))).to.contain(SESSION);
    expect(() => sealed.open(kept, inboxPlace('carrier/post'))).to.throw('another secret');
    expect(() => sealedText('another secret').open(kept, inboxPlace('stripe'))).to.throw('another secret');
  });

  it('works what was stored before bodies were sealed', async () => {
    provider.pay(SESSION);
    const body = { id: 'evt_1', type: 'checkout.session.completed', createdAt: at, live: false };
    await database.query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body) VALUES ('stripe', 'evt_1', $1, $2)`,
      [body.type, JSON.stringify({ ...body, object: { kind: 'checkout.session', id: SESSION } })],
    );
    start();
    await processed('evt_1');
    expect(types()).to.deep.equal(['PaymentOpened', 'PaymentCaptured']);
  });

  it('tries again what was sealed under another secret, for that may come back', async () => {
    await postgresWebhookInbox(database, sealedText('another secret'), () => undefined).store({
      provider: 'stripe',
      eventId: 'evt_1',
      eventType: 'checkout.session.completed',
      body: '{}',
    });
    start();
    await until('it was tried', async () => ((await rowOf('evt_1'))?.last_error ?? '').includes('another secret'));
    expect(await rowOf('evt_1')).to.include({ processed: false });
  });

  it('marks what it does not know as processed, and notes why nothing came of it', async () => {
    start();
    await receive('evt_1', 'customer.created');
    await processed('evt_1');
    expect((await rowOf('evt_1'))?.last_error).to.include('customer.created');
    expect(types()).to.deep.equal(['PaymentOpened']);
  });

  it('leaves the webhooks of another provider alone', async () => {
    start();
    await receive('evt_other', 'checkout.session.completed', 'another');
    await receive('evt_ours');
    await processed('evt_ours');
    expect(await rowOf('evt_other')).to.include({ processed: false, attempts: 0 });
  });

  it('tries again while the provider is down, later each time, and forgets nothing', async () => {
    provider.pay(SESSION);
    provider.down = true;
    await receive('evt_1');
    const loop = start();
    for (const [attempts, waits] of [
      [1, 1],
      [2, 2],
      [3, 4],
    ] as const) {
      await until(`attempt ${attempts} failed`, async () => {
        const row = await rowOf('evt_1');
        return row?.attempts === attempts && row.last_error !== null && faults.length === attempts;
      });
      await until(`attempt ${attempts} is put off`, async () => ((await rowOf('evt_1'))?.waits ?? 0) >= waits - 1);
      expect((await rowOf('evt_1'))?.waits).to.be.at.most(waits);
      aheadMs += waits * 1_000;
      loop.wake();
    }
    provider.down = false;
    aheadMs += 60_000;
    loop.wake();
    await processed('evt_1');
    expect(types()).to.deep.equal(['PaymentOpened', 'PaymentCaptured']);
  });

  it('works in the next process what the one before claimed and did not finish', async () => {
    provider.pay(SESSION);
    await receive('evt_1');
    expect(await new InboxTable(database, clock, 'stripe').claim(10, 60_000)).to.have.length(1);
    start();
    await receive('evt_2');
    await processed('evt_2');
    expect(await rowOf('evt_1')).to.include({ processed: false });
    aheadMs = 61_000;
    worker?.wake();
    await processed('evt_1');
  });

  it('hands every webhook to one worker alone', async () => {
    for (let n = 0; n < 60; n++) await receive(`evt_${n}`);
    const tables = [1, 2, 3, 4].map(() => new InboxTable(database, clock, 'stripe'));
    const claims = await Promise.all([...tables, ...tables].map((table) => table.claim(10, 60_000)));
    const ids = claims.flat().map(({ eventId }) => eventId);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.length).to.be.greaterThan(0);
  });

  it('knows how many wait since when, whoever sent them', async () => {
    start();
    await receive('evt_worked');
    await processed('evt_worked');
    await receive('evt_of_nobody', 'in_transit', 'carrier/gone');
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    expect(await webhooksWaiting(database, inAnHour)).to.equal(1);
    expect(await webhooksWaiting(database, at), 'none is as old as that').to.equal(0);
  });

  it('is worked although the database is ahead of our clock', async () => {
    aheadMs = -3_600_000;
    start();
    await receive('evt_1');
    await processed('evt_1');
  });
});
