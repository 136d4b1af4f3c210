import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext, Committed, Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { derivedCommandId, freshCommandId } from '../../../src/commands/identity.js';
import { type EventStore, StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { decodeStored } from '../../../src/commands/replay/index.js';
import type { Sku } from '../../../src/domain/kernel/ids.js';
import { type StreamName, stockStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { available, type Stock, stock, type StockCommand, type StockEvent } from '../../../src/domain/stock/index.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { type CutProxy, freshStream, testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { at, dueAt, idOf, main, placedOrder } from '../../support/fixtures.js';
import { until } from '../../support/until.js';

const ON_HAND = 20;
const WANTED = 60;

const context = (commandId: string, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId,
  correlationId: commandId,
  causationId: null,
  actor: { kind: 'system', id: 'system/test' },
  tenant: 'main',
  at,
  ...more,
});

/** Notes which calls reach the store. */
function counted(store: EventStore): { store: EventStore; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    store: {
      append: (...args) => {
        calls.push('append');
        return store.append(...args);
      },
      read: (...args) => {
        calls.push('read');
        return store.read(...args);
      },
    },
  };
}

describe('the executor on a real event store', () => {
  let server: TestEventStore;
  let proxy: CutProxy;
  let opened: OpenEventStore[] = [];
  let direct: OpenEventStore;

  const open = (url: string): EventStore => {
    const store = openEventStore({ url, timeoutMs: 500, silenceMs: 500 });
    opened.push(store);
    return store.eventStore;
  };

  before(async () => {
    server = await testEventStore();
    proxy = await server.proxied();
    direct = openEventStore({ url: server.url });
  });
  after(async () => {
    await direct.close();
    await server.stop();
  });
  afterEach(async () => {
    proxy.thaw();
    await Promise.all(opened.map((store) => store.close()));
    opened = [];
  });

  async function logOf(stream: StreamName) {
    const log = [];
    for await (const stored of direct.eventStore.read(stream)) log.push(decodeStored(stock.codec, stored));
    return log;
  }

  it('accepts an order with one append and nothing else', async () => {
    const { store, calls } = counted(open(server.url));
    const executor = createExecutor({ eventStore: store, random: Math.random });
    const place = {
      type: 'PlaceOrder' as const,
      order: placedOrder(),
      acceptance: { paymentId: idOf('payment', 1), paymentDueAt: dueAt },
      allowedModes: ['pickup' as const],
    };
    const outcome = await executor.execute(
      order,
      freshStream('order'),
      place,
      context(freshCommandId(), { creates: true }),
    );
    expect(outcome).to.have.nested.property('right.revision');
    expect(calls).to.deep.equal(['append']);
  });

  it('answers with its own events where the answer to its append is swallowed, and stores them once', async () => {
    const sku = freshStream('sku') as string as Sku;
    const stream = stockStream(sku, main);
    const executor = createExecutor({ eventStore: open(proxy.url), random: Math.random });
    const register: StockCommand = { type: 'RegisterStock', sku, locationId: main, onHand: ON_HAND };
    // so that there is a connection to rob of its answer
    await executor.execute(stock, freshStream('stock'), register, context(freshCommandId(), { creates: true }));
    proxy.swallowAnswers();
    const answer = executor.execute(stock, stream, register, context(freshCommandId(), { creates: true }));
    await until('the event is stored', async () => (await logOf(stream)).length > 0);
    proxy.thaw();
    const outcome = await answer;
    expect(outcome).to.have.nested.property('right.repeated', false);
    expect(outcome).to.have.nested.property('right.revision', 0);
    expect(await logOf(stream)).to.have.length(1);
  });

  it('fails a command within its tries when the store stays silent', async () => {
    const executor = createExecutor({
      eventStore: open(proxy.url),
      random: Math.random,
      storeRetries: { retries: 1, baseMs: 1, maxMs: 1 },
    });
    proxy.freeze();
    const sku = 'silent' as Sku;
    const register: StockCommand = { type: 'RegisterStock', sku, locationId: main, onHand: ON_HAND };
    const outcome = await executor
      .execute(stock, freshStream('stock'), register, context(freshCommandId(), { creates: true }))
      .catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(StoreUnavailable);
  });

  it('never oversells, loses or doubles anything while two processes race and their connections are cut', async () => {
    const sku = freshStream('sku') as string as Sku;
    const stream = stockStream(sku, main);
    const processes = [0, 1].map(() =>
      createExecutor({
        eventStore: open(proxy.url),
        random: Math.random,
        conflictRetries: { retries: 20, baseMs: 2, maxMs: 20 },
        storeRetries: { retries: 1, baseMs: 1, maxMs: 10 },
      }),
    );
    const [first] = processes as [Executor];
    const register: StockCommand = { type: 'RegisterStock', sku, locationId: main, onHand: ON_HAND };
    expect((await first.execute(stock, stream, register, context(freshCommandId())))._tag).to.equal('Right');

    const acknowledged = new Map<string, Committed<Stock, StockEvent>>();
    let refused = 0;
    /** As a process does: the same command again until it is answered. */
    async function reserve(n: number): Promise<void> {
      const command: StockCommand = {
        type: 'ReserveStock',
        reservationId: idOf('reservation', n),
        orderId: idOf('order', n),
        qty: 1,
      };
      const commandId = derivedCommandId('test', sku, `reserve ${n}`, stream);
      for (let tries = 0; ; tries++) {
        try {
          const executor = processes[(n + tries) % 2] as Executor;
          const outcome = await executor.execute(stock, stream, command, context(commandId));
          if (E.isRight(outcome)) acknowledged.set(commandId, outcome.right);
          else if (outcome.left._tag === 'ConcurrencyConflict') continue;
          else refused += 1;
          return;
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
        }
      }
    }
    const connectionsBefore = proxy.connections;
    let running = true;
    const cutting = (async () => {
      while (running) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        if (running) proxy.cut();
      }
    })();
    // in waves, so that cuts meet appends and reads of every stage
    for (let wave = 0; wave < 6; wave++) {
      const answers = Array.from({ length: WANTED / 6 }, (_, n) => reserve(wave * (WANTED / 6) + n));
      setImmediate(() => proxy.cut());
      await Promise.all(answers);
    }
    running = false;
    await cutting;

    const log = await logOf(stream);
    const reserved = log.filter(({ event }) => event.type === 'StockReserved');
    expect(reserved).to.have.length(ON_HAND);
    expect(new Set(log.map(({ id }) => id)).size).to.equal(log.length);
    expect([acknowledged.size, refused]).to.deep.equal([ON_HAND, WANTED - ON_HAND]);
    for (const [commandId, committed] of acknowledged) {
      expect(log.findLast(({ meta }) => meta.commandId === commandId)?.revision).to.equal(committed.revision);
    }
    let state: Stock = stock.initial;
    for (const { event } of log) {
      state = stock.evolve(state, event);
      if (state.status === 'registered') expect(available(state)).to.be.at.least(0);
    }
    for (const executor of processes) {
      const loaded = await executor.load(stock, stream, { fresh: true });
      expect(loaded.revision).to.equal(log.length - 1);
      expect(stock.snapshot?.toJson(loaded.state)).to.deep.equal(stock.snapshot?.toJson(state));
    }
    // two processes with a connection for appends and one for reads, if nothing had been cut
    expect(proxy.connections - connectionsBefore).to.be.greaterThan(4);
  });
});
