import { setTimeout as sleep } from 'node:timers/promises';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { Clock } from '../../../src/commands/ports/clock.js';
import type { CurrentSettings } from '../../../src/commands/ports/currentSettings.js';
import type { EventToAppend } from '../../../src/commands/ports/eventStore.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import type { PaymentProvider } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { InboxEntry } from '../../../src/consumers/payment/webhookInbox/inboxTable.js';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { StreamName } from '../../../src/domain/kernel/streams.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import type { DiscardedEvent } from '../../../src/subscriptions/parking/discarded.js';
import type { ReactorDefinition } from '../../../src/subscriptions/contract.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { inMemoryUnpaidOrders } from '../../support/inMemory/views.js';
import type { Fuse } from '../../support/world/fuse.js';
import { type Program, programOn } from '../../support/world/program.js';
import { throughFuse } from '../../support/world/provider.js';
import { recordedOf } from '../../support/world/world.js';

const STREAMS = ['order', 'payment', 'stock', 'ticket', 'shipment', 'task', 'offer'];

/** What outlives a program: its checkpoints, queues, timers, and the inbox of webhooks. */
export class Kept {
  readonly inbox = new Map<string, InboxEntry & { worked?: true }>();
  readonly queues = new Map<string, CloudEvent<unknown>[]>();
  /** Queues whose messages get lost, and what was lost. */
  readonly lost = new Map<string, CloudEvent<unknown>[]>();
  readonly timers = new Map<string, { timer: DueTimer; waits: boolean }>();
  readonly positions = new Map<string, bigint>();
  /** The next event of its type that a process (`process type`) cannot work, so that somebody discards it, or that gets lost. */
  readonly discarding = new Set<string>();
  readonly forgetting = new Set<string>();
  discarded: readonly DiscardedEvent[] = [];
  /** What other services were told, in this order. */
  readonly published: CloudEvent<unknown>[] = [];
  /** Who owns the checkpoints: the program that came last. */
  epoch = 0;
  #log: readonly StoredEvent[] = [];
  #size = 0;

  constructor(readonly store: TestApi['store']) {}

  /** Every event that a process may want, in the order in which it was stored. */
  log(): readonly StoredEvent[] {
    const { store } = this;
    if (store.size === this.#size) return this.#log;
    this.#size = store.size;
    this.#log = STREAMS.flatMap((category) => store.names(category))
      .flatMap((stream) => store.events(stream))
      .sort((a, b) => Number(a.position - b.position));
    return this.#log;
  }

  /** Whether the event never comes to its process; one that is discarded is known as such. */
  isDropped(runner: string, { event: { type }, stream, revision, position }: RecordedEvent, now: string): boolean {
    if (this.forgetting.delete(`${runner} ${type}`)) return true;
    if (!this.discarding.delete(`${runner} ${type}`)) return false;
    this.discarded = [
      ...this.discarded,
      { runner, stream: stream as StreamName, revision, position: String(position), type, discardedAt: now },
    ];
    return true;
  }
}

export interface LifeParts {
  readonly kept: Kept;
  readonly wakeUp: TestApi['wakeUp'];
  readonly provider: PaymentProvider;
  readonly settings: CurrentSettings;
  readonly simulateKitchen: boolean;
  /** Consumers beside those that every program has. */
  readonly alsoTold: readonly ConsumeOptions[];
  /** Of the machine on which processes and consumers run, and of the database, by which timers are due. */
  readonly clocks: { readonly program: Clock; readonly database: Clock };
}

/** One incarnation of every process, consumer and timer, each a loop of its own. */
export interface Life {
  readonly program: Program;
  readonly isBusy: () => boolean;
  /** Resolves when every loop has ended: it was left, or it has died. */
  readonly over: Promise<unknown>;
  leave(): void;
}

/**
 * Brings every process to life. When its fuse blows, it is as after kill -9: nothing that it still attempts has any effect, and
 * nobody is told but `died`. What it was at is begun anew by whoever comes next, from what is kept.
 */
export function live(parts: LifeParts, fuse: Fuse, died: () => void): Life {
  const { kept, wakeUp, settings, simulateKitchen, clocks } = parts;
  const epoch = ++kept.epoch;
  let open = true;
  let busy = 0;
  const executor = createExecutor({
    eventStore: {
      append: (stream, events, expected) =>
        fuse.through(() => kept.store.append(stream, events, expected), appending(stream, events)),
      read: (...call) => kept.store.read(...call),
    },
    random: Math.random,
    onCommitted: (stream) => wakeUp.notify(stream),
  });
  const program: Program = programOn({
    executor,
    reader: kept.store,
    clock: clocks.program,
    provider: throughFuse(parts.provider, fuse),
    timers: {
      schedule: (timer) =>
        fuse.through(() => {
          if (!kept.timers.has(timer.id)) kept.timers.set(timer.id, { timer, waits: true });
          return Promise.resolve();
        }, `set timer ${timer.process}`),
      cancel: (id) =>
        fuse.through(
          () => {
            const known = kept.timers.get(id);
            if (known) known.waits = false;
            return Promise.resolve();
          },
          `cancel timer ${id.split('/')[0]}`,
        ),
    },
    publish: (message) =>
      fuse.through(() => {
        kept.published.push(message);
        for (const { queue, bindings } of [...program.consumers, ...parts.alsoTold]) {
          if (!bindings.includes(message.type)) continue;
          const to = kept.lost.has(queue) ? kept.lost : kept.queues;
          to.set(queue, [...(to.get(queue) ?? []), structuredClone(message)]);
        }
        return Promise.resolve();
      }, `publish ${message.type}`),
    simulateKitchen,
    unpaidOrders: inMemoryUnpaidOrders(kept.store),
    settings,
  });
  const { fire, consumers } = program;

  /** The checkpoint moves, unless somebody else owns it by now. */
  const moveTo = (reactor: ReactorDefinition, { position, type }: StoredEvent): Promise<void> =>
    fuse.through(() => {
      if (kept.epoch !== epoch) throw new NotTheOwner(reactor.name);
      kept.positions.set(reactor.name, position);
      return Promise.resolve();
    }, `checkpoint ${reactor.name} ${type}`);

  type Work = () => (() => Promise<void>) | undefined;
  const reacting = (reactor: ReactorDefinition): Work => {
    let from = 0;
    return () => {
      const log = kept.log();
      const after = kept.positions.get(reactor.name) ?? 0n;
      const passed = ({ position, type }: StoredEvent) => position <= after || !reactor.wants(type as never);
      for (let next = log[from]; next && passed(next); next = log[from]) from += 1;
      const found = log[from];
      return (
        found &&
        (async () => {
          const event = recordedOf(found);
          if (!kept.isDropped(reactor.name, event, clocks.program.now())) await reactor.react(event);
          await moveTo(reactor, found);
        })
      );
    };
  };
  const works: readonly Work[] = [
    ...program.reactors.map(reacting),
    ...[...consumers, ...parts.alsoTold].map(({ queue, handle }) => () => {
      const [message] = kept.queues.get(queue) ?? [];
      return (
        message &&
        (async () => {
          await handle({ message, attempt: 1 });
          const acknowledge = () => Promise.resolve(remove(kept.queues.get(queue) ?? [], message));
          await fuse.through(acknowledge, `acknowledge ${queue} ${message.type}`);
        })
      );
    }),
    () => {
      const entry = [...kept.inbox.values()].find(({ worked }) => !worked);
      return (
        entry &&
        (async () => {
          await program.webhook(entry);
          await fuse.through(() => Promise.resolve((entry.worked = true)), `webhook worked ${entry.eventType}`);
        })
      );
    },
    () => {
      const now = clocks.database.now();
      const due = [...kept.timers.values()].find(({ timer, waits }) => waits && timer.dueAt <= now);
      return (
        due &&
        (async () => {
          await fire.get(due.timer.process)?.(due.timer, now);
          await fuse.through(() => Promise.resolve((due.waits = false)), `timer fired ${due.timer.process}`);
        })
      );
    },
  ];

  /** Works one thing after the other; a system fault is met by another try, as everywhere. */
  const loop = async (next: Work): Promise<void> => {
    while (open) {
      const work = next();
      if (work === undefined) {
        await sleep(3);
        continue;
      }
      busy += 1;
      try {
        await work();
      } catch (error) {
        if (error instanceof NotTheOwner) return;
        if (fuse.blown && open) {
          open = false;
          died();
        }
        await sleep(20);
      } finally {
        busy -= 1;
      }
    }
  };
  return {
    program,
    isBusy: () => busy > 0 || (open && works.some((next) => next() !== undefined)),
    over: Promise.all(works.map(loop)),
    leave: () => void (open = false),
  };
}

/** Another program owns the checkpoint by now. */
class NotTheOwner extends Error {
  override readonly name = 'NotTheOwner';
}

const remove = <T>(from: T[], one: T): boolean => {
  const at = from.indexOf(one);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
};

/** What an append is, without what differs from order to order: `append by system/placing to order: StockSecured`. */
function appending(stream: string, events: readonly EventToAppend[]): string {
  const [first] = events;
  const { actor } = first?.metadata as { readonly actor: { readonly id: string } };
  const by = actor.id.replace(/ord_\w+|pay_\w+/g, '…');
  return `append by ${by} to ${stream.split('-')[0]}: ${events.map(({ type }) => type).join(' ')}`;
}
