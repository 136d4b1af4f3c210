import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { WebhookInbox } from '../../../src/api/ports/webhookInbox.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { CurrentSettings } from '../../../src/commands/ports/currentSettings.js';
import { providerBooks } from '../../../src/consumers/payment/providerBooks.js';
import { paymentSync } from '../../../src/consumers/payment/paymentSync.js';
import { recordedHistory } from '../../../src/commands/replay/index.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { payment } from '../../../src/domain/payment/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { startStripeSimulator } from '../../../src/embedded/stripe-simulator/index.js';
import { stripePaymentProvider } from '../../../src/infrastructure/stripe/index.js';
import { kitchenTold, paymentAsked } from '../../../src/main/reconciliation.js';
import { verificationBy } from '../../../src/main/webhooks.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { dayBook } from '../../../src/processes/reconciliation/dayBook.js';
import { reconcile } from '../../../src/processes/reconciliation/reconcile.js';
import { act, type Ledger, silent } from '../../contract/stripe/rig.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { until as within } from '../../support/until.js';
import { type EndsAt, Fuse } from '../../support/world/fuse.js';
import { toShop } from '../../support/world/program.js';
import { contextFor } from '../../support/world/shop.js';
import { leftoversOf } from './leftovers.js';
import { Kept, type Life, live, type LifeParts } from './life.js';
import type { HouseOptions, RaceHouse, Shown } from './raceHouse.js';

export type { RaceHouse, Shown, Skews } from './raceHouse.js';

const SECRET_KEY = 'sk_test_of_the_races';
const WEBHOOK_SECRET = 'whsec_of_the_races';
const PRICE = 1_000;
/** So long nobody notices that a program has died. */
const TAKEN_OVER_MS = 15;

export async function enterRace({
  simulateKitchen = true,
  skews = {},
  alsoTold = () => [],
  views = () => ({}),
}: HouseOptions = {}): Promise<RaceHouse> {
  let aheadMs = 0;
  const clockOf = (minutes = 0) => ({
    nowMs: () => Date.now() + aheadMs + minutes * 60_000,
    now: () => new Date(Date.now() + aheadMs + minutes * 60_000).toISOString(),
  });
  const clock = clockOf(skews.api);
  const there: { kept?: Kept; provider?: ReturnType<typeof stripePaymentProvider> } = {};
  const webhooks: WebhookInbox = {
    store: ({ eventId, eventType, body }) => {
      const inbox = there.kept?.inbox;
      if (!inbox) throw new Error('nobody is there yet');
      if (inbox.has(eventId)) return Promise.resolve('known');
      inbox.set(eventId, { rowId: inbox.size, eventId, eventType, body, attempts: 1 });
      return Promise.resolve('stored');
    },
  };
  const folder = await mkdtemp(join(tmpdir(), 'comanda-race-'));
  const reached = () => {
    if (!there.provider) throw new Error('the provider is not there yet');
    return there.provider;
  };
  let settings: CurrentSettings = { now: () => DEFAULT_SETTINGS };
  const api = await startTestApi(({ executor, webhooks: usual, settings: said, eventStore: store, wakeUp }) => {
    settings = said;
    return {
      ...views({ store, wakeUp }),
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
  const stripeSeenBy = ({ nowMs }: ReturnType<typeof clockOf>) =>
    stripePaymentProvider({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: simulator.url,
      maxNetworkRetries: 0,
      now: nowMs,
    });
  const stripe = stripeSeenBy(clock);
  there.provider = stripe;
  const kept = new Kept(api.store);
  there.kept = kept;
  const partsOn = (program: ReturnType<typeof clockOf>): LifeParts => ({
    kept,
    wakeUp: api.wakeUp,
    provider: stripeSeenBy(program),
    settings,
    simulateKitchen,
    alsoTold: alsoTold({ executor: api.executor, personalData: api.personalData }),
    clocks: { program, database: clockOf(skews.database) },
  });
  const lives: Life[] = [];
  let endsAt: number | EndsAt = Number.POSITIVE_INFINITY;
  let deaths = 0;
  let isOpen = true;
  let fuse = new Fuse();
  /** Somebody takes over a little after it is known that nobody is there any more. */
  const begin = (minutes = skews.program): void => {
    if (!isOpen) return;
    fuse = new Fuse(endsAt);
    lives.push(
      live(partsOn(clockOf(minutes)), fuse, () => {
        deaths += 1;
        setTimeout(begin, TAKEN_OVER_MS);
      }),
    );
  };
  begin();
  const program = () => {
    const last = lives.at(-1);
    if (!last) throw new Error('nobody is there yet');
    return last.program;
  };

  const timersOf = (orderId: OrderId) =>
    Promise.resolve(
      [...kept.timers.values()]
        .filter(({ timer }) => timer.correlation === orderId)
        .map(({ timer: { id, process, dueAt }, waits }) => ({ id, process, dueAt, isOpen: waits })),
    );
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
    base: api.base,
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
      kept.lost.set(queue, []);
      return () => {
        const aside = kept.lost.get(queue) ?? [];
        kept.lost.delete(queue);
        kept.queues.set(queue, [...(kept.queues.get(queue) ?? []), ...aside]);
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
    discard: (process, type) => void kept.discarding.add(`${process} ${type}`),
    forget: (process, type) => void kept.forgetting.add(`${process} ${type}`),
    forward: (minutes) => {
      aheadMs += minutes * 60_000;
    },
    reconcile: (span = 'minutes') => {
      const { engine, related } = program();
      return reconcile(
        {
          books: providerBooks(stripe, clock),
          leftovers: leftoversOf(api, timersOf),
          related,
          engine,
          clock,
          tenant: 'main',
          history: (stream, part) => recordedHistory(api.store, stream, part),
          discards: {
            waiting: (before) => Promise.resolve(kept.discarded.filter(({ discardedAt }) => discardedAt < before)),
            settled: ({ position, runner }) => {
              kept.discarded = kept.discarded.filter((one) => one.position !== position || one.runner !== runner);
              return Promise.resolve();
            },
          },
          hear: async ({ process, recorded }) => {
            if (process === 'kitchen') return tellKitchen(recorded);
            if (process === 'payment') return askPayment(recorded);
            await program()
              .reactors.find(({ name }) => name === process)
              ?.react(recorded);
          },
        },
        span,
      );
    },
    published: () => kept.published,
    dayBook: (day) =>
      dayBook(
        {
          books: providerBooks(stripe, clock),
          leftovers: leftoversOf(api, timersOf),
          related: program().related,
          history: (stream, part) => recordedHistory(api.store, stream, part),
        },
        { begins: `${day}T00:00:00.000Z`, ends: new Date(Date.parse(day) + 86_400_000).toISOString() },
      ),
    endPrograms: (at = Number.POSITIVE_INFINITY) => {
      endsAt = at;
      fuse.arm(at);
    },
    deaths: () => deaths,
    takeOver: begin,
    onAnotherMachine: (minutes, more = {}) => {
      const its = clockOf(minutes);
      const synced = paymentSync({ executor: api.executor, clock: its, provider: stripeSeenBy(its), tenant: 'main' });
      return api.beside({ clock: its, syncPayment: synced, ...more });
    },
    rest: async () => {
      let quietSince = performance.now();
      await until('nobody has anything left to do', () => {
        if (fuse.blown || lives.some((life) => life.isBusy())) quietSince = performance.now();
        return performance.now() - quietSince > 60;
      });
    },
    leave: async () => {
      isOpen = false;
      for (const life of lives) life.leave();
      await Promise.all(lives.map(({ over }) => over));
      await api.close();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The machine may be busy: what comes at all comes in time. */
const until = (what: string, condition: Parameters<typeof within>[1]): Promise<void> => within(what, condition);
