import type { Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { EventStore } from '../../../src/commands/ports/eventStore.js';
import { decodeMeta } from '../../../src/commands/replay/index.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { CHECK_QUEUE } from '../../../src/consumers/screening/checkEngine.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import { decodeDomainEvent, type RecordedEvent } from '../../../src/domain/events.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { TryAgainLater } from '../../../src/processes/engine/faults.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import type { ReactorDefinition } from '../../../src/subscriptions/contract.js';
import { at } from '../fixtures.js';
import { InMemoryEventStore } from '../inMemory/eventStore.js';
import { Crash, Fuse } from './fuse.js';
import { MemoryProvider, throughFuse } from './provider.js';
import { type Program, programOn } from './program.js';

const CATEGORIES = ['order', 'payment', 'stock', 'ticket', 'shipment', 'task'];
const RANDOM = () => 0;
const NO_WAIT = { retries: 5, baseMs: 0, maxMs: 0 };

interface Webhook {
  readonly eventId: string;
  readonly body: string;
}

/** Everything that outlives a process. */
class Durable {
  readonly store = new InMemoryEventStore();
  readonly provider = new MemoryProvider();
  readonly timers = new Map<string, { timer: DueTimer; state: 'waiting' | 'cancelled' | 'fired' }>();
  readonly positions = new Map<string, bigint>();
  readonly queues = new Map<string, CloudEvent<unknown>[]>();
  readonly inbox = new Map<string, Webhook>();
  now = at;
  /** Whether the check engine has fallen silent. */
  engineIsSilent = false;
  /** Queues that nobody works. */
  readonly silent = new Set<string>();
}

/** What a process is made of; thrown away when it ends. */
interface Incarnation {
  readonly fuse: Fuse;
  readonly program: Program;
}

/**
 * Comanda with every process and consumer, real executor, folds and publisher, on ports in memory, worked one event at a
 * time. It can be ended at any point before or after an effect, and starts again as a fresh process would.
 */
export class World {
  readonly durable = new Durable();
  /** Commands of the outside world (shop, stock keeping), from a process of their own that never ends. */
  readonly outside: Executor = createExecutor({ eventStore: this.durable.store, random: RANDOM });
  crashes = 0;
  /** What becomes of the messages that wait in a queue whenever one is added: repeated, out of order. */
  shuffles: (messages: readonly CloudEvent<unknown>[]) => readonly CloudEvent<unknown>[] = (messages) => messages;
  #life: Incarnation;
  #log: readonly RecordedEvent[] = [];
  #heard = 0;

  /**
   * @param crashAt the point at which the first incarnation ends
   * @param forgetful whether the checkpoints are lost with it, so that everything is handled again
   */
  constructor(
    crashAt?: number,
    private readonly forgetful = false,
  ) {
    this.#life = this.#born(new Fuse(crashAt));
  }

  /** Points of the present incarnation. */
  get points(): number {
    return this.#life.fuse.passed;
  }

  /** Works until nothing is left to do at this time; a process that ends is started again. */
  async settle(): Promise<void> {
    for (;;) {
      try {
        while (await this.#oneRound());
        return;
      } catch (error) {
        if (!(error instanceof Crash) && !this.#life.fuse.blown) throw error;
        this.crashes += 1;
        if (this.forgetful) this.durable.positions.clear();
        this.#life = this.#born(new Fuse());
      }
    }
  }

  /** The process ends at rest, its checkpoints with it; a new one handles everything again. */
  async again(): Promise<void> {
    this.durable.positions.clear();
    this.#life = this.#born(new Fuse());
    await this.settle();
  }

  /** The clock moves on, and what is due then is done. */
  async until(time: string): Promise<void> {
    this.durable.now = time;
    await this.settle();
  }

  /** The payer pays, and the provider tells us, twice. */
  async pay(sessionId: string): Promise<boolean> {
    const taken = this.durable.provider.pay(sessionId);
    await this.hear(sessionId);
    return taken;
  }

  /** The provider tells us, twice, that something is new of a session. */
  async hear(sessionId: string): Promise<void> {
    const told = this.durable.inbox;
    const round = ++this.#heard;
    for (const delivery of [1, 2]) {
      const event = {
        id: `evt_${sessionId}_${round}_${delivery}`,
        type: 'checkout.session.completed',
        createdAt: at,
        live: false,
      };
      const body = JSON.stringify({ ...event, sessionId, object: { kind: 'checkout.session', id: sessionId } });
      told.set(event.id, { eventId: event.id, body });
    }
    await this.settle();
  }

  /** Every event of every stream, as far as it tells what happened. */
  history(): Readonly<Record<string, readonly unknown[]>> {
    const { store } = this.durable;
    const streams = CATEGORIES.flatMap((category) => store.names(category)).sort();
    return Object.fromEntries(
      streams.map((stream) => [stream, store.events(stream).map(({ id, type, data }) => ({ id, type, data }))]),
    );
  }

  /** The types of the events in a stream. */
  types(stream: string): readonly string[] {
    return this.durable.store.events(stream).map(({ type }) => type);
  }

  /** Every event in the order in which it was stored. */
  log(): readonly RecordedEvent[] {
    const { store } = this.durable;
    if (store.size === this.#log.length) return this.#log;
    this.#log = CATEGORIES.flatMap((category) => store.names(category))
      .flatMap((stream) => store.events(stream))
      .sort((a, b) => Number(a.position - b.position))
      .map(recordedOf);
    return this.#log;
  }

  async #oneRound(): Promise<boolean> {
    let worked = false;
    const { reactors, consumers, fire, webhook: record } = this.#life.program;
    for (const reactor of reactors) worked = (await this.#react(reactor)) || worked;
    for (const consumer of consumers) worked = (await this.#consume(consumer)) || worked;
    for (const webhook of [...this.durable.inbox.values()]) {
      await record({ rowId: 1, attempts: 1, eventType: 'checkout.session.completed', ...webhook });
      await this.#life.fuse.through(() => Promise.resolve(this.durable.inbox.delete(webhook.eventId)));
      worked = true;
    }
    for (const entry of [...this.durable.timers.values()]) {
      if (entry.state !== 'waiting' || entry.timer.dueAt > this.durable.now) continue;
      await fire.get(entry.timer.process)?.(entry.timer, this.durable.now);
      await this.#life.fuse.through(() => Promise.resolve((entry.state = 'fired')));
      worked = true;
    }
    return worked;
  }

  /** The next event that the reactor wants; its checkpoint moves when it is done. */
  async #react(reactor: ReactorDefinition): Promise<boolean> {
    const after = this.durable.positions.get(reactor.name) ?? 0n;
    const next = this.log().find(({ position, event }) => position > after && reactor.wants(event.type));
    if (next === undefined) return false;
    try {
      await reactor.react(next);
    } catch (error) {
      if (error instanceof TryAgainLater) return false;
      throw error;
    }
    await this.#life.fuse.through(() => Promise.resolve(this.durable.positions.set(reactor.name, next.position)));
    return true;
  }

  async #consume({ queue, handle }: ConsumeOptions): Promise<boolean> {
    const waiting = this.durable.queues.get(queue) ?? [];
    const [message] = waiting;
    if (message === undefined || this.durable.silent.has(queue)) return false;
    if (this.durable.engineIsSilent && queue === CHECK_QUEUE.queue) return false;
    await handle({ message, attempt: 1 });
    await this.#life.fuse.through(() => Promise.resolve(waiting.shift()));
    return true;
  }

  #born(fuse: Fuse): Incarnation {
    const { durable } = this;
    const eventStore: EventStore = {
      append: (...call) => fuse.through(() => durable.store.append(...call)),
      read: (...call) => durable.store.read(...call),
    };
    const timers = {
      schedule: (timer: DueTimer) =>
        fuse.through(() => {
          if (!durable.timers.has(timer.id)) durable.timers.set(timer.id, { timer, state: 'waiting' });
          return Promise.resolve();
        }),
      cancel: (timerId: string) =>
        fuse.through(() => {
          const entry = durable.timers.get(timerId);
          if (entry?.state === 'waiting') entry.state = 'cancelled';
          return Promise.resolve();
        }),
    };
    const publish = (message: CloudEvent<unknown>): Promise<void> =>
      fuse.through(() => {
        for (const { queue, bindings } of program.consumers) {
          if (!bindings.includes(message.type)) continue;
          const waiting = durable.queues.get(queue) ?? [];
          durable.queues.set(queue, [...this.shuffles([...waiting, structuredClone(message)])]);
        }
        return Promise.resolve();
      });
    const program = programOn({
      executor: createExecutor({ eventStore, random: RANDOM, conflictRetries: NO_WAIT, storeRetries: NO_WAIT }),
      reader: durable.store,
      clock: { now: () => durable.now },
      provider: throughFuse(durable.provider, fuse),
      timers,
      publish,
      simulateKitchen: true,
    });
    return { fuse, program };
  }
}

/** An event of the store as the subscriptions hand it on. */
export function recordedOf(stored: StoredEvent): RecordedEvent {
  const meta = decodeMeta(stored);
  const decoded = decodeDomainEvent({ type: stored.type, v: meta.v, data: stored.data });
  if (decoded._tag === 'Left') throw new Error(`${stored.type} cannot be read: ${JSON.stringify(decoded.left)}`);
  const { id, stream, revision, position } = stored;
  return { id, stream, revision, position, event: decoded.right, meta };
}
