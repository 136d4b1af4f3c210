import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { notificationConsumer } from '../../../src/consumers/index.js';
import { type Mail, MailUnavailable } from '../../../src/consumers/notification/ports/mailTransport.js';
import { orderStream, paymentStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { orderBlock } from '../../../src/projections/publishers/orderBlock.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { inMemorySubjectKeys } from '../../support/inMemory/ports.js';
import { postgres } from '../../support/services/index.js';
import { contextFor } from '../../support/world/shop.js';

const URL = 'http://pay.example/1';
const MESSAGE_ID = '<link-1@mail.comanda.invalid>';

describe('where to pay, said of an order that somebody holds', function () {
  this.timeout(300_000);
  let database: PostgresDatabase;
  let mails: Mail[];
  let doubtful: string[];
  let fails: MailUnavailable | undefined;
  let count = 0;
  const keys = inMemorySubjectKeys();
  const people = personalData(keys, 'a secret of this suite');
  let executor: ReturnType<typeof createExecutor>;

  before(async () => {
    const suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 4 });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.query('TRUNCATE notification_inbox');
    executor = createExecutor({ eventStore: new InMemoryEventStore(), random: () => 0 });
    mails = [];
    doubtful = [];
    fails = undefined;
    await ask({
      type: 'PlaceOrder',
      order: placedOrder({
        lines: [orderLine(1, { track: false }), orderLine(2, { track: false })],
        gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
        contact: await people.seal(anOrder, 'contact', { name: 'Ada', email: 'ada@example.com' }),
      }),
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['pickup'],
    });
    const stream = paymentStream(aPayment);
    const opening = { paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt } as const;
    await executor.execute(payment, stream, { type: 'OpenPayment', ...opening }, contextFor(stream, 'open'));
  });

  async function ask(command: OrderCommand): Promise<void> {
    const stream = orderStream(anOrder);
    const done = await executor.execute(order, stream, command, contextFor(stream, `ask-${++count}`));
    expect(done._tag, command.type).to.equal('Right');
  }
  const hold = () => ask({ type: 'HoldOrder', kind: 'manual', detail: 'is that right?', decideBy: dueAt });
  const attach = () => ask({ type: 'AttachPaymentLink', paymentId: aPayment, url: URL, expiresAt: dueAt });
  const resolve = (more: Partial<Extract<OrderCommand, { type: 'ResolveHold' }>> = {}) =>
    ask({
      type: 'ResolveHold',
      decision: 'accept',
      by: 'staff',
      at,
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      ...more,
    });

  /** A process of its own, with nothing in memory; `load` may look away for a moment. */
  const consumer = (onLoad: () => Promise<void> = () => Promise.resolve()) =>
    notificationConsumer({
      executor: {
        ...executor,
        load: async (...args: Parameters<typeof executor.load>) => {
          const loaded = await executor.load(...args);
          await onLoad();
          return loaded;
        },
      } as typeof executor,
      personalData: people,
      database,
      mails: {
        send: (mail) => {
          if (fails) return Promise.reject(fails);
          mails.push(mail);
          return Promise.resolve({ _tag: 'Sent' });
        },
      },
      doubtful: (eventId) => doubtful.push(eventId),
    });
  const messageOf = (id: string, type: string, data: unknown) =>
    ({ message: { id, type, time: at, data } as CloudEvent<unknown>, attempt: 1 }) as const;
  const linkReady = () =>
    messageOf('link-1', 'payment.link_ready.v1', {
      paymentId: aPayment,
      orderId: anOrder,
      orderNumber: 'N',
      amount: eur(2000),
      dueAt,
    });
  async function resolved(id = 'resolved-1') {
    const { state } = await executor.load(order, orderStream(anOrder));
    if (state.status === 'none') throw new Error('it was placed');
    return messageOf(id, 'order.hold_resolved.v1', { order: orderBlock(state), decision: 'accept', by: 'staff' });
  }
  const messageIds = () => mails.map(({ messageId }) => messageId);
  const unsettled = async () =>
    (await database.query('SELECT event_id FROM notification_inbox WHERE settled_at IS NULL')).rows;

  it('is said once the hold is over, and once, however often and in whatever order the messages come again', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await consumer().handle(linkReady());
    expect(mails, 'nobody is to pay while it is held').to.deep.equal([]);
    await resolve();
    await consumer().handle(await resolved());
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
    for (let times = 0; times < 3; times += 1) {
      await consumer().handle(await resolved());
      await consumer().handle(linkReady());
    }
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
    expect(mails[0]?.text).to.contain(`\n${URL}\n`).and.to.contain('€20.00');
    expect(await unsettled()).to.deep.equal([]);
  });

  it('is not said again where it was said before the order was held', async () => {
    await attach();
    await consumer().handle(linkReady());
    await hold();
    await consumer().handle(linkReady());
    await resolve();
    await consumer().handle(await resolved());
    await consumer().handle(linkReady());
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
  });

  it('is said by its own message where the end of the hold was told before that one was worked', async () => {
    await hold();
    await attach();
    let looks = 0;
    const late = consumer(async () => {
      // the hold ends, and its message finds nothing that was put off, just after this one saw the hold
      if (++looks > 1) return;
      await resolve();
      await consumer().handle(await resolved());
    });
    await late.handle(linkReady());
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
    await consumer().handle(await resolved());
    expect(messageIds()).to.have.length(1);
  });

  it('is said although the process died after it had put it off and before it looked again', async () => {
    await hold();
    await attach();
    let looks = 0;
    const dying = consumer(async () => {
      looks += 1;
      if (looks > 1) throw new Error('killed');
      await resolve();
      await consumer().handle(await resolved());
    });
    await dying.handle(linkReady()).catch(() => undefined);
    expect(mails).to.deep.equal([]);
    await consumer().handle(linkReady());
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
  });

  it('goes out at most once more where processes die in the middle, by the same name', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve();
    fails = new MailUnavailable('nobody knows', { ambiguous: true });
    for (const _ of [1, 2])
      await consumer()
        .handle(await resolved())
        .catch(() => undefined);
    fails = undefined;
    await consumer().handle(linkReady());
    await consumer().handle(await resolved());
    await consumer().handle(await resolved());
    expect([mails, doubtful]).to.deep.equal([[], ['link-1']]);
    expect(await unsettled()).to.deep.equal([]);
  });

  it('is tried for as long as it takes while no server answers', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve();
    fails = new MailUnavailable('no server', { ambiguous: false });
    for (const _ of [1, 2, 3, 4])
      await consumer()
        .handle(await resolved())
        .catch(() => undefined);
    fails = undefined;
    await consumer().handle(await resolved());
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
  });

  it('is not said of a page that asks for what is not wanted any more: another one takes its place', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve({ decision: 'amend', lines: [{ lineId: orderLine(2).lineId, qty: 1 }] });
    await consumer().handle(await resolved());
    expect(mails).to.deep.equal([]);
  });

  it('is not said where the order is held again at once, and is said after that', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve();
    await hold();
    await consumer().handle(await resolved());
    expect(mails).to.deep.equal([]);
    await resolve();
    await consumer().handle(await resolved('resolved-2'));
    expect(messageIds()).to.deep.equal([MESSAGE_ID]);
  });

  /** Begins the mail by the message of the end of a hold, and dies before it can say what became of it. */
  async function dieOf(message: Awaited<ReturnType<typeof resolved>>): Promise<void> {
    fails = new MailUnavailable('nobody knows', { ambiguous: true });
    await consumer()
      .handle(message)
      .catch(() => undefined);
    fails = undefined;
    expect(await unsettled()).to.deep.equal([{ event_id: 'link-1' }]);
  }

  it('is settled although it was begun when its process died, and the order was paid for meanwhile', async () => {
    await attach();
    fails = new MailUnavailable('nobody knows', { ambiguous: true });
    await consumer()
      .handle(linkReady())
      .catch(() => undefined);
    fails = undefined;
    const money = { intentId: 'pi_1', amount: eur(2000), method: 'card' } as const;
    await ask({ type: 'ApplyPayment', paymentId: aPayment, ...money });
    expect(await unsettled()).to.deep.equal([{ event_id: 'link-1' }]);
    await consumer().handle(linkReady());
    expect([mails, await unsettled()]).to.deep.equal([[], []]);
  });

  it('is settled where the end of a hold took it up, its process died, and the order was cancelled meanwhile', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve();
    await dieOf(await resolved());
    await ask({ type: 'RequestCancellation', cancellationId: idOf('cancellation', 1), reason: 'no', by: 'staff' });
    await consumer().handle(linkReady());
    await consumer().handle(await resolved());
    expect([mails, await unsettled()]).to.deep.equal([[], []]);
  });

  it('waits for the end of another hold where its process died and the order was held again meanwhile', async () => {
    await hold();
    await attach();
    await consumer().handle(linkReady());
    await resolve();
    await dieOf(await resolved());
    await hold();
    await consumer().handle(await resolved());
    expect([mails, await unsettled()]).to.deep.equal([[], []]);
    await resolve();
    await consumer().handle(await resolved('resolved-2'));
    await consumer().handle(await resolved());
    expect([messageIds(), await unsettled()]).to.deep.equal([[MESSAGE_ID], []]);
  });
});
