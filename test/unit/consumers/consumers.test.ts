import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { ticketIdOf } from '../../../src/commands/identity.js';
import { kitchenConsumer } from '../../../src/consumers/kitchen/kitchenConsumer.js';
import { observedSessions } from '../../../src/consumers/payment/observation.js';
import { paymentConsumer } from '../../../src/consumers/payment/paymentConsumer.js';
import { recordWebhook } from '../../../src/consumers/payment/webhookInbox/recordWebhook.js';
import { MessageFault } from '../../../src/consumers/ports/faults.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import type { CommandContext, Executor } from '../../../src/commands/executor/contract.js';
import { orderStream, paymentStream, ticketStream as streamOfTicket } from '../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentCommand } from '../../../src/domain/payment/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import {
  anOrder,
  aPayment,
  at,
  dueAt,
  eur,
  idOf,
  main,
  orderLine,
  placedOrder,
  sealedNote,
} from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { MemoryProvider } from '../../support/world/provider.js';
import { messageAfter } from './messageAfter.js';

const clock = { now: () => at };
const session = `cs_${aPayment}_1`;
const untracked = placedOrder({
  lines: [orderLine(1, { track: false }), orderLine(2, { track: false, station: 'grill', prepSeconds: 30 })],
  gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
});
const accepted: OrderEvent = {
  type: 'OrderAccepted',
  data: { amountDue: eur(2000), paymentId: aPayment, paymentDueAt: dueAt },
};
const history: readonly OrderEvent[] = [{ type: 'OrderPlaced', data: untracked }, accepted];
const context = (commandId: string): CommandContext => ({
  commandId,
  correlationId: 'correlation-1',
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
  at,
});

function world() {
  const store = new InMemoryEventStore();
  const executor = createExecutor({
    eventStore: store,
    random: () => 0,
    storeRetries: { retries: 0, baseMs: 0, maxMs: 0 },
  });
  const provider = new MemoryProvider();
  const returnTo = () => ({ successUrl: 'http://shop/thanks', cancelUrl: 'http://shop/cart' });
  return {
    store,
    executor,
    provider,
    pays: paymentConsumer({ executor, clock, provider, returnTo }),
    cooks: kitchenConsumer({ executor, clock }),
    types: (stream: string) => store.events(stream).map(({ type }) => type),
  };
}

const placeOn = (executor: Executor, placed = untracked) =>
  executor.execute(
    order,
    orderStream(placed.orderId),
    {
      type: 'PlaceOrder',
      order: placed,
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['pickup'],
    },
    context(`place ${placed.orderId}`),
  );
const toPayment = (executor: Executor, name: string, command: PaymentCommand) =>
  executor.execute(payment, paymentStream(aPayment), command, context(name));
const deliver = ({ handle }: ConsumeOptions, message: ReturnType<typeof messageAfter>) =>
  handle({ message, attempt: 1 });

describe('the payment consumer', () => {
  it('opens the payment, makes a session, attaches it, and puts the link on the order', async () => {
    const { store, executor, provider, pays, types } = world();
    await placeOn(executor);
    await deliver(pays, messageAfter(history));
    expect(types(paymentStream(aPayment))).to.deep.equal(['PaymentOpened', 'CheckoutSessionCreated']);
    expect(types(orderStream(anOrder)).at(-1)).to.equal('PaymentLinkAttached');
    expect(store.events(orderStream(anOrder)).at(-1)?.data).to.deep.equal({
      paymentId: aPayment,
      url: `http://127.0.0.1/pay/${session}`,
      expiresAt: dueAt,
    });
    expect(provider.requests).to.deep.equal([
      {
        paymentId: aPayment,
        orderId: anOrder,
        attempt: 1,
        openedAt: at,
        amount: eur(2000),
        description: 'Order ABCD-EFGH-JKMN-7',
        lines: [1, 2].map((n) => ({ name: `Thing ${n}`, quantity: 2, unitPrice: eur(500) })),
        expiresAt: dueAt,
        successUrl: 'http://shop/thanks',
        cancelUrl: 'http://shop/cart',
      },
    ]);
  });

  it('changes nothing when the message comes twice', async () => {
    const { store, executor, provider, pays } = world();
    await placeOn(executor);
    await deliver(pays, messageAfter(history));
    const before = store.size;
    await deliver(pays, messageAfter(history));
    expect(store.size).to.equal(before);
    expect(provider.sessions.size).to.equal(1);
  });

  it('makes no session for a payment that was closed before it was opened', async () => {
    const { executor, provider, pays } = world();
    await placeOn(executor);
    await toPayment(executor, 'close', { type: 'ClosePayment', why: 'cancelled' });
    await deliver(pays, messageAfter(history));
    expect(provider.calls).to.deep.equal([]);
  });

  /** The payment is closed, and perhaps paid, while the provider makes the session. */
  const closeMeanwhile = ({ executor, provider }: ReturnType<typeof world>, paid: boolean): void => {
    const create = provider.createSession.bind(provider);
    provider.createSession = async (request) => {
      const answer = await create(request);
      if (paid) provider.pay(session);
      await toPayment(executor, 'close', { type: 'ClosePayment', why: 'cancelled' });
      return answer;
    };
  };

  it('closes the session again when the payment was closed while it was made', async () => {
    const all = world();
    await placeOn(all.executor);
    closeMeanwhile(all, false);
    await deliver(all.pays, messageAfter(history));
    expect(all.provider.sessions.get(session)?.status).to.equal('expired');
    expect(all.types(orderStream(anOrder))).not.to.include('PaymentLinkAttached');
  });

  it('records the money when such a session was paid before it could be closed', async () => {
    const all = world();
    await placeOn(all.executor);
    closeMeanwhile(all, true);
    await deliver(all.pays, messageAfter(history));
    expect(all.types(paymentStream(aPayment)).at(-1)).to.equal('PaymentCaptured');
  });

  it('records the refusal of a provider that makes no session', async () => {
    const { executor, provider, pays, types } = world();
    await placeOn(executor);
    provider.refusal = { _tag: 'ProviderRefused', code: 'amount_too_small', text: 'too small', status: 400 };
    await deliver(pays, messageAfter(history));
    expect(types(paymentStream(aPayment))).to.deep.equal(['PaymentOpened', 'CheckoutSessionFailed']);
  });

  it('throws a fault of the system while the provider is down, and goes on from there', async () => {
    const { executor, provider, pays, types } = world();
    await placeOn(executor);
    provider.down = true;
    expect(isSystemFault(await failure(deliver(pays, messageAfter(history))))).to.equal(true);
    provider.down = false;
    await deliver(pays, messageAfter(history));
    expect(types(orderStream(anOrder)).at(-1)).to.equal('PaymentLinkAttached');
  });

  it('leaves an order alone on which nothing is due', async () => {
    const { provider, pays, store } = world();
    const free: OrderEvent = { type: 'OrderAccepted', data: { amountDue: eur(0) } };
    await deliver(pays, messageAfter([{ type: 'OrderPlaced', data: untracked }, free]));
    expect([store.size, provider.calls.length]).to.deep.equal([0, 0]);
  });

  it('blames a message that breaks its contract', async () => {
    const { pays } = world();
    const message = { ...messageAfter(history), data: { order: 'none' } };
    const error = await failure(deliver(pays, message));
    expect(error).to.be.instanceOf(MessageFault);
    expect(isSystemFault(error)).to.equal(false);
  });
});

describe('the kitchen consumer', () => {
  const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
  const ticketStream = `ticket-${ticketIdOf(anOrder, main)}`;

  it('opens one ticket with every line, at its station or the main one, however often it is told', async () => {
    const { cooks, executor, store } = world();
    const [first, second] = untracked.lines;
    const { station: _none, ...unplaced } = first ?? orderLine(1);
    const nutty = { ...(second ?? orderLine(2)), allergens: ['nuts', 'milk'] };
    const data = { ...untracked, lines: [unplaced, nutty] };
    await placeOn(executor, data);
    const told = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
    await deliver(cooks, told);
    await deliver(cooks, told);
    expect(store.events(ticketStream)).to.have.length(1);
    const { items, ...ticket } = store.events(ticketStream)[0]?.data as { items: Record<string, unknown>[] };
    expect(ticket).to.include({ orderId: anOrder, orderNumber: 'ABCD-EFGH-JKMN-7', mode: 'pickup', openedAt: at });
    expect(items.map(({ lineId, qty, station, prepSeconds }) => [lineId, qty, station, prepSeconds])).to.deep.equal([
      [idOf('line', 1), 2, 'main', 0],
      [idOf('line', 2), 2, 'grill', 30],
    ]);
    expect(items.map(({ allergens }) => allergens)).to.deep.equal([undefined, ['nuts', 'milk']]);
  });

  it('puts on the ticket what the customer noted, which no message says', async () => {
    const { cooks, executor, store } = world();
    const [first, second] = untracked.lines;
    const lines = [first ?? orderLine(1), { ...(second ?? orderLine(2)), note: sealedNote('no onions') }];
    const data = { ...untracked, lines, note: sealedNote('a birthday') };
    await placeOn(executor, data);
    const told = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
    expect(JSON.stringify(told)).not.to.match(/sealed|onions|birthday/);
    await deliver(cooks, told);
    const opened = store.events(ticketStream)[0]?.data as { note: string; items: { note?: string }[] };
    expect(opened.note).to.equal('sealed:a birthday');
    expect(opened.items.map(({ note }) => note)).to.deep.equal([undefined, 'sealed:no onions']);
  });

  it('waits for an order that the store does not show yet', async () => {
    const { cooks, store } = world();
    const told = messageAfter([{ type: 'OrderPlaced', data: untracked }, confirmed]);
    expect(isSystemFault(await failure(deliver(cooks, told)))).to.equal(true);
    expect(store.size).to.equal(0);
  });

  it('gives each order of a business day the next number, once, and tells the cooks which table it is for', async () => {
    const { cooks, executor, store } = world();
    const opened = (n: number) =>
      store.events(`ticket-${ticketIdOf(idOf('order', n), main)}`).map(({ data }) => data as Record<string, unknown>);
    const orders = [
      { orderId: idOf('order', 1), businessDate: '2024-05-04', table: '12' },
      { orderId: idOf('order', 2), businessDate: '2024-05-04' },
      { orderId: idOf('order', 3), businessDate: '2024-05-05' },
    ].map((change) => {
      const data = { ...untracked, ...change };
      const message = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
      return { data, message: { ...message, id: `confirmed-${change.orderId}` } };
    });
    for (const { data } of orders) await placeOn(executor, data);
    const messages = orders.map(({ message }) => message);
    for (const message of [...messages, ...messages]) await deliver(cooks, message);
    expect([1, 2, 3].map((n) => opened(n).map(({ pickupNo }) => pickupNo))).to.deep.equal([[1], [2], [1]]);
    expect([1, 2].map((n) => opened(n)[0]?.['table'])).to.deep.equal(['12', undefined]);
    expect(store.events(`pickupCounter-${main}_2024-05-04`)).to.have.length(2);
  });

  it('gives an order of a day that is long over a number of today, and none to one that has its ticket', async () => {
    const { cooks, executor, store } = world();
    const late = async (n: number, businessDate: string) => {
      const data = { ...untracked, orderId: idOf('order', n), businessDate };
      await placeOn(executor, data);
      return { ...messageAfter([{ type: 'OrderPlaced', data }, confirmed]), id: `confirmed-${n}` };
    };
    const ticketId = ticketIdOf(idOf('order', 2), main);
    await executor.execute(
      ticket,
      streamOfTicket(ticketId),
      { type: 'CancelTicket', orderId: idOf('order', 2), reason: 'too slow', by: 'ana', at, force: true },
      context('cancel'),
    );
    for (const [n, date] of [
      [1, '2024-04-13'],
      [2, '2024-04-13'],
      [3, '2024-04-15'],
    ] as const) {
      await deliver(cooks, await late(n, date));
    }
    expect(store.names('pickupCounter')).to.have.members([
      `pickupCounter-${main}_2024-05-04`,
      `pickupCounter-${main}_2024-04-15`,
    ]);
    expect(store.events(`pickupCounter-${main}_2024-05-04`)).to.have.length(1);
  });

  it('promises what the kitchen cannot make in time for the next quarter of an hour with room', async () => {
    const { cooks, executor, store } = world();
    const ids = [1, 2, 3].map((n) => idOf('order', n));
    // four units each, of which the longest takes 30 s
    for (const orderId of ids) {
      const placed = { ...untracked, orderId, businessDate: '2024-05-04', kitchenCapacity: 5 };
      await placeOn(executor, placed);
      const message = messageAfter([{ type: 'OrderPlaced', data: placed }, confirmed]);
      for (const _ of [1, 2]) await deliver(cooks, { ...message, id: `confirmed-${orderId}` });
    }
    const opened = ids.map((id) =>
      store
        .events(`ticket-${ticketIdOf(id, main)}`)
        .map(({ data }) => data as Record<string, unknown>)
        .map(({ fireAt, promisedAt }) => [fireAt, promisedAt]),
    );
    expect(opened).to.deep.equal([
      [[undefined, undefined]],
      [['2024-05-04T12:15:00.000Z', '2024-05-04T12:15:30.000Z']],
      [['2024-05-04T12:30:00.000Z', '2024-05-04T12:30:30.000Z']],
    ]);
  });

  it('leaves the time of a ticket that is not opened any more to others', async () => {
    const { cooks, executor, store } = world();
    const confirmedAs = async (n: number) => {
      const placed = { ...untracked, orderId: idOf('order', n), businessDate: '2024-05-04', kitchenCapacity: 5 };
      await placeOn(executor, placed);
      return { ...messageAfter([{ type: 'OrderPlaced', data: placed }, confirmed]), id: `confirmed-${n}` };
    };
    const ticketId = ticketIdOf(idOf('order', 1), main);
    await executor.execute(
      ticket,
      streamOfTicket(ticketId),
      { type: 'CancelTicket', orderId: idOf('order', 1), reason: 'too slow', by: 'ana', at, force: true },
      context('cancel'),
    );
    for (const n of [1, 1, 2]) await deliver(cooks, await confirmedAs(n));
    expect(store.events(`pickupCounter-${main}_2024-05-04`).map(({ type }) => type)).to.deep.equal([
      'PickupNumberGiven',
      'KitchenLoadChanged',
      'PickupNumberGiven',
    ]);
    const [opened] = store.events(`ticket-${ticketIdOf(idOf('order', 2), main)}`);
    expect(opened?.data).not.to.have.property('fireAt');
  });

  it('opens none for an order that is shipped', async () => {
    const { cooks, store } = world();
    const data = { ...untracked, mode: 'shipping' as const };
    await deliver(cooks, messageAfter([{ type: 'OrderPlaced', data }, confirmed]));
    expect(store.size).to.equal(0);
  });
});

describe('the webhook worker', () => {
  const entry = (change: Record<string, unknown> = {}, eventType = 'checkout.session.completed') => ({
    rowId: 1,
    attempts: 1,
    eventId: 'evt_1',
    eventType,
    body: JSON.stringify({
      id: 'evt_1',
      type: eventType,
      createdAt: at,
      live: false,
      object: { kind: 'checkout.session', id: session },
      ...change,
    }),
  });
  const ready = async () => {
    const all = world();
    await placeOn(all.executor);
    await deliver(all.pays, messageAfter(history));
    const { executor, provider } = all;
    return { ...all, work: recordWebhook({ executor, clock, provider, tenant: 'main' }) };
  };
  const lastOf = (types: readonly string[]) => types.at(-1);

  it('reads the session again and records what the provider says, once', async () => {
    const { work, provider, types, store } = await ready();
    provider.pay(session);
    expect(await work(entry())).to.equal(null);
    expect(await work(entry())).to.equal(null);
    expect(types(paymentStream(aPayment))).to.deep.equal([
      'PaymentOpened',
      'CheckoutSessionCreated',
      'PaymentCaptured',
    ]);
    const captured = store.events(paymentStream(aPayment)).at(-1);
    expect(captured?.data).to.include({ seenBy: 'webhook', providerEventId: 'evt_1', intentId: `pi_${session}` });
    expect(captured?.metadata).to.deep.include({ actor: { kind: 'provider', id: 'provider/webhook-inbox' } });
  });

  it('believes the provider, not the webhook: a session that is still open is not paid', async () => {
    const { work, types } = await ready();
    await work(entry());
    expect(lastOf(types(paymentStream(aPayment)))).to.equal('CheckoutSessionCreated');
  });

  it('finds the session of a webhook that names only the intent', async () => {
    const { work, provider, types } = await ready();
    provider.pay(session);
    const intent = { object: { kind: 'payment_intent', id: `pi_${session}` } };
    expect(await work(entry(intent, 'payment_intent.amount_capturable_updated'))).to.equal(null);
    expect(lastOf(types(paymentStream(aPayment)))).to.equal('PaymentCaptured');
  });

  it("hears that a refund of the provider's desk failed after it looked good, by whichever webhook tells of it", async () => {
    for (const eventType of ['charge.refund.updated', 'refund.failed']) {
      const { work, provider, store } = await ready();
      provider.pay(session);
      await work(entry());
      const made = {
        providerRefundId: 're_desk',
        status: 'succeeded' as const,
        amount: eur(700),
        intentId: `pi_${session}`,
        metadata: {},
      };
      const about = { object: { kind: 'refund', id: 're_desk' }, intentId: made.intentId };
      provider.refunds.set('re_desk', made);
      expect(await work({ ...entry(about, 'refund.created'), eventId: 'evt_2' })).to.equal(null);
      provider.refunds.set('re_desk', { ...made, status: 'failed', failureReason: 'lost_or_stolen_card' });
      expect(await work({ ...entry(about, eventType), eventId: 'evt_3' })).to.equal(null);
      expect(await work({ ...entry(about, eventType), eventId: 'evt_4' }), 'once').to.equal(null);
      const [recorded, failed, ...more] = store.events(paymentStream(aPayment)).slice(3);
      expect(recorded?.type).to.equal('ForeignRefundRecorded');
      expect([failed?.type, failed?.data], eventType).to.deep.equal([
        'ForeignRefundFailed',
        { providerRefundId: 're_desk', amount: eur(700), code: 'lost_or_stolen_card' },
      ]);
      expect(more).to.deep.equal([]);
    }
  });

  it('hears that a refund failed before it hears of the one by which its money went again', async () => {
    const { work, provider, store } = await ready();
    provider.pay(session);
    await work(entry());
    const intentId = `pi_${session}`;
    const made = { status: 'succeeded' as const, amount: eur(1000), intentId, metadata: {} };
    const about = { object: { kind: 'refund', id: 're_first' }, intentId };
    provider.refunds.set('re_first', { ...made, providerRefundId: 're_first' });
    await work({ ...entry(about, 'refund.created'), eventId: 'evt_2' });
    provider.refunds.clear();
    // whichever way round the provider lists them
    provider.refunds.set('re_second', { ...made, providerRefundId: 're_second' });
    provider.refunds.set('re_first', { ...made, providerRefundId: 're_first', status: 'failed' });
    provider.refunds.set('re_third', { ...made, providerRefundId: 're_third' });
    await work({ ...entry(about, 'refund.failed'), eventId: 'evt_3' });
    const heard = store.events(paymentStream(aPayment)).slice(4);
    expect(heard.map(({ type }) => type)).to.deep.equal([
      'ForeignRefundFailed',
      'ForeignRefundRecorded',
      'ForeignRefundRecorded',
    ]);
  });

  it('says why nothing came of a webhook', async () => {
    const { work, provider } = await ready();
    const foreign = { ...provider.sessions.get(session), sessionId: 'cs_foreign', metadata: {} };
    provider.sessions.set('cs_foreign', foreign as never);
    const unknown = {
      ...provider.sessions.get(session),
      metadata: { orderId: anOrder, paymentId: idOf('payment', 9) },
    };
    provider.sessions.set('cs_unknown', unknown as never);
    expect(await work(entry({}, 'customer.created'))).to.include('nothing follows');
    expect(await work({ ...entry(), body: '{' })).to.include('cannot be read');
    expect(await work(entry({ object: { kind: 'invoice', id: 'in_1' } }))).to.include('neither');
    expect(await work(entry({ object: { kind: 'checkout.session', id: 'cs_none' } }))).to.include('resource_missing');
    expect(await work(entry({ object: { kind: 'payment_intent', id: 'pi_none' } }))).to.include('no session');
    expect(await work(entry({ sessionId: 'cs_foreign' }))).to.include('no payment of ours');
    expect(await work(entry({ sessionId: 'cs_unknown' }))).to.include('NotFound');
  });

  it('has somebody see to a payment of our name that nobody opened, once, whatever the provider tells of it', async () => {
    const { work, provider, store } = await ready();
    const paymentId = idOf('payment', 9);
    const unknown = { ...provider.sessions.get(session), metadata: { orderId: anOrder, paymentId }, intentId: 'pi_9' };
    provider.sessions.set('cs_unknown', { ...unknown, sessionId: 'cs_unknown' } as never);
    const tasks = () => store.names('task').flatMap((stream) => store.events(stream));
    await work(entry({ sessionId: 'cs_unknown' }));
    await work({ ...entry({ sessionId: 'cs_unknown' }), eventId: 'evt_2' });
    expect(tasks().map(({ type, data }) => [type, (data as { about: unknown }).about])).to.deep.equal([
      ['TaskOpened', { paymentId }],
    ]);
    // what cannot be recorded of one that is known is in the log of the inbox
    await work(entry({}, 'refund.updated'));
    expect(tasks()).to.have.length(1);
  });

  it('throws a fault of the system while the provider is down', async () => {
    const { work, provider } = await ready();
    provider.down = true;
    expect(isSystemFault(await failure(work(entry())))).to.equal(true);
  });
});

describe('sessions as processes look after them', () => {
  it('are observed, closed, or unknown', async () => {
    const provider = new MemoryProvider();
    const sessions = observedSessions(provider, clock);
    const made = await provider.createSession({
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
    expect(E.isRight(made)).to.equal(true);
    expect(await sessions.observe(session)).to.include({ sessionStatus: 'open', paymentStatus: 'unpaid', readAt: at });
    expect(await sessions.close(session)).to.include({ sessionStatus: 'expired' });
    expect(await sessions.close('cs_none')).to.equal(undefined);
  });

  it('are a fault of the system where the provider refuses to speak of them', async () => {
    const provider = new MemoryProvider();
    provider.getSession = () =>
      Promise.resolve(E.left({ _tag: 'ProviderRefused', code: 'account_closed', text: 'no', status: 403 }));
    expect(isSystemFault(await failure(observedSessions(provider, clock).observe(session)))).to.equal(true);
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) expect.fail('it did not fail');
  return error;
}
