import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { WebhookInbox } from '../../../src/api/ports/webhookInbox.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { CurrentSettings } from '../../../src/commands/ports/currentSettings.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { providerBooks } from '../../../src/consumers/payment/providerBooks.js';
import { paymentSync } from '../../../src/consumers/payment/paymentSync.js';
import type { InboxEntry } from '../../../src/consumers/payment/webhookInbox/inboxTable.js';
import { recordedHistory } from '../../../src/commands/replay/index.js';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import { paymentStream, type StreamName } from '../../../src/domain/kernel/streams.js';
import { payment, type PaymentCommand } from '../../../src/domain/payment/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { type Script, startStripeSimulator } from '../../../src/embedded/stripe-simulator/index.js';
import { stripePaymentProvider } from '../../../src/infrastructure/stripe/index.js';
import { kitchenTold, paymentAsked } from '../../../src/main/reconciliation.js';
import { verificationBy } from '../../../src/main/webhooks.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import type { DiscardedEvent } from '../../../src/subscriptions/parking/discarded.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { dayBook, type DayBook } from '../../../src/processes/reconciliation/dayBook.js';
import { reconcile, type Reconciled, type Span } from '../../../src/processes/reconciliation/reconcile.js';
import { act, type Ledger, silent } from '../../contract/stripe/rig.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { inMemoryUnpaidOrders } from '../../support/inMemory/views.js';
import { until as within } from '../../support/until.js';
import { programOn, toShop } from '../../support/world/program.js';
import { contextFor } from '../../support/world/shop.js';
import { recordedOf } from '../../support/world/world.js';

const SECRET_KEY = 'sk_test_of_the_races';
const WEBHOOK_SECRET = 'whsec_of_the_races';
const PRICE = 1_000;
const STREAMS = ['order', 'payment', 'stock', 'ticket', 'shipment', 'task', 'offer'];

/** An order as the API shows it, as far as these tests look at it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly revision: number;
  readonly payment: { readonly link?: string; readonly captured: { readonly amount: number } };
  readonly refunds: { readonly status: string; readonly due: Money; readonly refunded: Money };
  readonly lines: readonly { readonly lineId: string; readonly sku: string }[];
  readonly cancellation?: { readonly state: string; readonly cause?: string };
}

/**
 * Comanda composed as it runs, its ports in memory: the API over HTTP, every process, consumer, timer and the webhook inbox as
 * loops of their own beside it, with an executor of their own, so that they really race for the streams; and the Stripe
 * simulator as a server, its webhooks sent over HTTP and its script in the test's hands.
 */
export interface RaceHouse extends Pick<TestApi, 'request' | 'as'> {
  /** Puts units of an article on the shelf. */
  article(sku: string, onHand: number): Promise<void>;
  /** Places an order of these articles. */
  place(key: string, skus?: string | readonly string[], quantity?: number): Promise<string>;
  order(id: string): Promise<Shown>;
  /** Waits until the order has one of these statuses. */
  reaches(id: string, ...statuses: readonly string[]): Promise<Shown>;
  /** Where the order is paid, as soon as that is known. */
  link(id: string): Promise<string>;
  /** The same for a payment beside the first one. */
  linkOf(paymentId: string): Promise<string>;
  /** Waits until so much, in all, has gone back at the provider. */
  refunded(amount: number): Promise<void>;
  /** The page of the only session that the provider has, whether we know of it or not. */
  sessionAtTheProvider(): Promise<string>;
  /** What the payer does on the page, and what comes of it. */
  pay(link: string, outcome?: 'succeed' | 'decline' | 'process'): Promise<string | undefined>;
  /** The types of the events of a stream, or of its category's only stream. */
  types(stream: string): readonly string[];
  data(stream: string, type: string): readonly Readonly<Record<string, unknown>>[];
  /** How many units are on the shelf, and how many of them are promised. */
  shelf(sku: string): Promise<{ readonly onHand: number; readonly reserved: number }>;
  script(script: Script): void;
  /** What the payer's bank says of a refund, or anybody at the provider's own desk does. */
  atTheProvider(path: string, body: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
  ledger(): Promise<Ledger>;
  /** From now on the messages of a queue get lost; called, what this answers finds them again. */
  lose(queue: string): () => void;
  /** Something is asked of an order's first payment that nobody else would ask. */
  tellPayment(orderId: string, command: PaymentCommand): Promise<void>;
  /** The next event of that type is one that this process could not work, and that somebody discarded. */
  discard(process: string, type: string): void;
  /** The same, and nobody wrote down that it was discarded: only by how things stand can it be found. */
  forget(process: string, type: string): void;
  /** Both clocks move on, and what is due then is done. */
  forward(minutes: number): void;
  /** Reconciles as it is done every two minutes, or at longer intervals. */
  reconcile(span?: Span): Promise<Reconciled>;
  /** The payments and refunds of a day (`YYYY-MM-DD`, UTC), the provider's and ours. */
  dayBook(day: string): Promise<DayBook>;
  /** Waits until nobody has anything left to do. */
  rest(): Promise<void>;
  leave(): Promise<void>;
}

export async function enterRace({ simulateKitchen = true } = {}): Promise<RaceHouse> {
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs).toISOString() };
  const inbox = new Map<string, InboxEntry & { worked?: true }>();
  const webhooks: WebhookInbox = {
    store: ({ eventId, eventType, body }) => {
      if (inbox.has(eventId)) return Promise.resolve('known');
      inbox.set(eventId, { rowId: inbox.size, eventId, eventType, body, attempts: 1 });
      return Promise.resolve('stored');
    },
  };
  const folder = await mkdtemp(join(tmpdir(), 'comanda-race-'));
  const there: { provider?: ReturnType<typeof stripePaymentProvider> } = {};
  const reached = () => {
    if (!there.provider) throw new Error('the provider is not there yet');
    return there.provider;
  };
  let settings: CurrentSettings = { now: () => DEFAULT_SETTINGS };
  const api = await startTestApi(({ executor, webhooks: usual, settings: said }) => {
    settings = said;
    return {
      clock,
      webhooks: {
        ...usual,
        verification: { verify: (...call) => verificationBy(reached()).verify(...call) },
        inbox: webhooks,
      },
      syncPayment: (id: PaymentId, seenBy) =>
        paymentSync({ executor, clock, provider: reached(), tenant: 'main' })(id, seenBy),
    };
  });
  const simulator = await startStripeSimulator({
    port: 0,
    dataFolder: folder,
    webhookUrl: `${api.base}/v1/webhooks/stripe`,
    webhookSecret: WEBHOOK_SECRET,
    secretKey: SECRET_KEY,
    now: () => Date.now() + aheadMs,
    firstWebhookRetryMs: 20,
    log: silent,
  });
  const stripe = stripePaymentProvider({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    apiBase: simulator.url,
    maxNetworkRetries: 0,
    now: () => Date.now() + aheadMs,
  });
  there.provider = stripe;

  const queues = new Map<string, CloudEvent<unknown>[]>();
  const lost = new Map<string, CloudEvent<unknown>[]>();
  const timers = new Map<string, { timer: DueTimer; waits: boolean }>();
  const program = programOn({
    executor: createExecutor({
      eventStore: api.store,
      random: Math.random,
      onCommitted: (stream) => api.wakeUp.notify(stream),
    }),
    reader: api.store,
    clock,
    provider: stripe,
    timers: {
      schedule: (timer) => {
        if (!timers.has(timer.id)) timers.set(timer.id, { timer, waits: true });
        return Promise.resolve();
      },
      cancel: (id) => {
        const known = timers.get(id);
        if (known) known.waits = false;
        return Promise.resolve();
      },
    },
    publish: (message) => {
      for (const { queue, bindings } of program.consumers) {
        if (!bindings.includes(message.type)) continue;
        const aside = lost.get(queue);
        if (aside) aside.push(structuredClone(message));
        else queues.set(queue, [...(queues.get(queue) ?? []), structuredClone(message)]);
      }
      return Promise.resolve();
    },
    simulateKitchen,
    unpaidOrders: inMemoryUnpaidOrders(api.store),
    settings,
  });

  const timersOf = (orderId: OrderId) =>
    [...timers.values()]
      .filter(({ timer }) => timer.correlation === orderId)
      .map(({ timer: { id, process, dueAt }, waits }) => ({ id, process, dueAt, isOpen: waits }));
  const hearing = {
    executor: createExecutor({
      eventStore: api.store,
      random: Math.random,
      onCommitted: (stream) => api.wakeUp.notify(stream),
    }),
    clock,
    folds: createFolds({ reader: api.store }),
  };
  const tellKitchen = kitchenTold(hearing);
  const askPayment = paymentAsked({ ...hearing, provider: stripe, returnTo: toShop });

  let open = true;
  let busy = 0;
  /** Works one thing after the other; a system fault is met by another try, as everywhere. */
  const loop = async (next: () => (() => Promise<void>) | undefined): Promise<void> => {
    while (open) {
      const work = next();
      if (work === undefined) {
        await sleep(3);
        continue;
      }
      busy += 1;
      try {
        await work();
      } catch {
        await sleep(20);
      } finally {
        busy -= 1;
      }
    }
  };
  const stored = () =>
    STREAMS.flatMap((category) => api.store.names(category))
      .flatMap((stream) => api.store.events(stream))
      .sort((a, b) => Number(a.position - b.position));
  const nextFor = (reactor: (typeof program.reactors)[number], after: bigint) => {
    const found = stored().find(({ position, type }) => position > after && reactor.wants(type as never));
    return found && recordedOf(found);
  };
  const positions = new Map<string, bigint>();
  const discarding = new Set<string>();
  const forgetting = new Set<string>();
  let discarded: readonly DiscardedEvent[] = [];
  /** Whether somebody discards the event, before its process works it. */
  const isDropped = (runner: string, { event, stream, revision, position }: RecordedEvent): boolean => {
    const { type } = event;
    if (forgetting.delete(`${runner} ${type}`)) return true;
    if (!discarding.delete(`${runner} ${type}`)) return false;
    discarded = [
      ...discarded,
      { runner, stream: stream as StreamName, revision, position: String(position), type, discardedAt: clock.now() },
    ];
    return true;
  };
  const works = [
    ...program.reactors.map((reactor) => () => {
      const event = nextFor(reactor, positions.get(reactor.name) ?? 0n);
      return (
        event &&
        (async () => {
          if (!isDropped(reactor.name, event)) await reactor.react(event);
          positions.set(reactor.name, event.position);
        })
      );
    }),
    ...program.consumers.map(({ queue, handle }) => () => {
      const [message] = queues.get(queue) ?? [];
      return (
        message &&
        (async () => {
          await handle({ message, attempt: 1 });
          queues.get(queue)?.shift();
        })
      );
    }),
    () => {
      const entry = [...inbox.values()].find(({ worked }) => !worked);
      return (
        entry &&
        (async () => {
          await program.webhook(entry);
          entry.worked = true;
        })
      );
    },
    () => {
      const due = [...timers.values()].find(({ timer, waits }) => waits && timer.dueAt <= clock.now());
      return (
        due &&
        (async () => {
          await program.fire.get(due.timer.process)?.(due.timer, clock.now());
          due.waits = false;
        })
      );
    },
  ];
  const loops = works.map(loop);

  const request: TestApi['request'] = (method, path, options) => api.request(method, path, options);
  const ledger = async (): Promise<Ledger> =>
    (await (await fetch(`${simulator.url}/simulator/ledger`)).json()) as Ledger;
  const must = (answer: Answer, ...statuses: readonly number[]): Answer => {
    if (!statuses.includes(answer.status)) throw new Error(`${answer.status}: ${answer.text}`);
    return answer;
  };
  const order = async (id: string): Promise<Shown> =>
    must(await request('GET', `/v1/orders/${id}`), 200).body as unknown as Shown;
  const reaches = async (id: string, ...statuses: readonly string[]): Promise<Shown> => {
    let last = await order(id);
    await until(`the order is ${statuses.join(' or ')}`, async () => {
      last = await order(id);
      return statuses.includes(last.status);
    });
    return last;
  };
  return {
    request,
    as: (principal) => api.as(principal),
    order,
    reaches,
    article: async (sku, onHand) => {
      const offer = { name: sku, price: { amount: PRICE, currency: 'EUR' }, trackStock: true };
      must(await request('PUT', `/v1/offers/${sku}`, { body: offer }), 201);
      must(await request('PUT', `/v1/stock/${sku}/main`, { body: { onHand } }), 201);
    },
    place: async (key, skus = 'soup', quantity = 1) => {
      const body = { locationId: 'main', mode: 'pickup', lines: [skus].flat().map((sku) => ({ sku, quantity })) };
      const answer = await request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } });
      return String(must(answer, 201).body['id']);
    },
    link: async (id) => {
      await until('there is a link', async () => (await order(id)).payment.link !== undefined);
      return (await order(id)).payment.link ?? '';
    },
    linkOf: async (paymentId) => {
      let link: unknown;
      await until('there is a link', async () => {
        link = (await request('GET', `/v1/payments/${paymentId}`)).body['link'];
        return typeof link === 'string';
      });
      return String(link);
    },
    refunded: (amount) =>
      until(`${amount} went back`, async () => ((await ledger()).currencies['eur']?.refunded ?? 0) === amount),
    sessionAtTheProvider: async () => {
      let url: string | undefined;
      await until('the provider has a session', async () => {
        for await (const session of stripe.listSessions('2024-01-01T00:00:00.000Z')) url = session.url;
        return url !== undefined;
      });
      return url ?? '';
    },
    pay: async (link, outcome = 'succeed') => (await act(link, outcome)).result,
    types: (stream) => api.store.events(stream).map(({ type }) => type),
    data: (stream, type) =>
      api.store
        .events(stream)
        .filter((event) => event.type === type)
        .map(({ data }) => data as Readonly<Record<string, unknown>>),
    shelf: async (sku) => {
      const { onHand, reserved } = must(await request('GET', `/v1/stock/${sku}/main`), 200).body;
      return { onHand: Number(onHand), reserved: Number(reserved) };
    },
    script: (script) => simulator.script(script),
    atTheProvider: async (path, body) => {
      const form = path.startsWith('/v1/');
      const response = await fetch(`${simulator.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET_KEY}`, ...(form ? {} : { 'content-type': 'application/json' }) },
        body: form ? new URLSearchParams(body) : JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as Readonly<Record<string, unknown>>;
    },
    ledger,
    lose: (queue) => {
      const aside: CloudEvent<unknown>[] = [];
      lost.set(queue, aside);
      return () => {
        lost.delete(queue);
        queues.set(queue, [...(queues.get(queue) ?? []), ...aside]);
      };
    },
    tellPayment: async (orderId, command) => {
      const stream = paymentStream(paymentIdOf(orderId as OrderId, 1));
      const told = await hearing.executor.execute(payment, stream, command, {
        ...contextFor(stream, randomUUID()),
        at: clock.now(),
      });
      if (E.isLeft(told)) throw new Error(told.left._tag);
    },
    discard: (process, type) => void discarding.add(`${process} ${type}`),
    forget: (process, type) => void forgetting.add(`${process} ${type}`),
    forward: (minutes) => {
      aheadMs += minutes * 60_000;
    },
    reconcile: (span = 'minutes') => {
      const { engine, related } = program;
      const leftovers = {
        unfinishedOrders: () => Promise.resolve(ordersWith(api, 'OrderPlaced')),
        deadOrdersAtWork: () => Promise.resolve(ordersWith(api, 'OrderCancelled')),
        ordersWithoutPage: () => Promise.resolve(ordersWith(api, 'OrderAccepted')),
        timersOf: (orderId: OrderId) => Promise.resolve(timersOf(orderId)),
        paymentsBetween: () => Promise.resolve(paymentsOf(api)),
        stockItems: () => Promise.resolve([]),
        webhooksWaiting: () => Promise.resolve(0),
        refundsUnderWay: () => Promise.resolve(paymentsRefunding(api)),
        refundsOwed: () => Promise.resolve(ordersWith(api, 'RefundDue', 'RefundApplied')),
        amendmentsWaiting: () => Promise.resolve(ordersWith(api, 'AmendmentRequested')),
      };
      return reconcile(
        {
          books: providerBooks(stripe, clock),
          leftovers,
          related,
          engine,
          clock,
          tenant: 'main',
          history: (stream) => recordedHistory(api.store, stream),
          discards: {
            waiting: (before) => Promise.resolve(discarded.filter(({ discardedAt }) => discardedAt < before)),
            settled: ({ position, runner }) => {
              discarded = discarded.filter((one) => one.position !== position || one.runner !== runner);
              return Promise.resolve();
            },
          },
          hear: async ({ process, recorded }) => {
            if (process === 'kitchen') return tellKitchen(recorded);
            if (process === 'payment') return askPayment(recorded);
            await program.reactors.find(({ name }) => name === process)?.react(recorded);
          },
        },
        span,
      );
    },
    dayBook: (day) =>
      dayBook(
        {
          books: providerBooks(stripe, clock),
          leftovers: { paymentsBetween: () => Promise.resolve(paymentsOf(api)) },
          related: program.related,
          history: (stream) => recordedHistory(api.store, stream),
        },
        { begins: `${day}T00:00:00.000Z`, ends: new Date(Date.parse(day) + 86_400_000).toISOString() },
      ),
    rest: async () => {
      let quietSince = performance.now();
      await until('nobody has anything left to do', () => {
        if (busy > 0 || works.some((next) => next() !== undefined)) quietSince = performance.now();
        return performance.now() - quietSince > 60;
      });
    },
    leave: async () => {
      open = false;
      await Promise.all(loops);
      await api.close();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The machine may be busy: what comes at all comes in time. */
const until = (what: string, condition: Parameters<typeof within>[1]): Promise<void> => within(what, condition);

/** What the read model of payments tells: those with a refund that is asked for and not over. */
const paymentsRefunding = (api: TestApi): readonly PaymentId[] =>
  api.store
    .names('payment')
    .filter((stream) => api.store.events(stream).some(({ type }) => type === 'RefundApproved'))
    .map((stream) => stream.slice('payment-'.length) as PaymentId);

/** Every payment: more than were made on a day. */
const paymentsOf = (api: TestApi): readonly PaymentId[] =>
  api.store.names('payment').map((stream) => stream.slice('payment-'.length) as PaymentId);

/** What the read model of orders tells, and some more: those with an event of one of these types. */
const ordersWith = (api: TestApi, ...wanted: readonly string[]): readonly OrderId[] =>
  api.store
    .names('order')
    .filter((stream) => api.store.events(stream).some(({ type }) => wanted.includes(type)))
    .map((stream) => stream.slice('order-'.length) as OrderId);
