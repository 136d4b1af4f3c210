import { decodeMeta } from '../../../src/commands/replay/index.js';
import { AGGREGATES } from '../../../src/domain/aggregates.js';
import { decodeDomainEvent, type RecordedEvent } from '../../../src/domain/events.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { categoryOf } from '../../../src/domain/kernel/streams.js';
import type { Order } from '../../../src/domain/order/index.js';
import type { Payment } from '../../../src/domain/payment/index.js';
import type { Stock } from '../../../src/domain/stock/index.js';
import type { Task } from '../../../src/domain/task/index.js';
import type { Ticket } from '../../../src/domain/ticket/index.js';
import type { Folds } from '../../../src/subscriptions/contract.js';

interface Folded {
  readonly initial: unknown;
  readonly evolve: (state: unknown, event: unknown) => unknown;
}
const FOLDED: ReadonlyMap<string, Folded> = new Map(
  AGGREGATES.map((aggregate) => [aggregate.category, aggregate as unknown as Folded]),
);

interface StateOf {
  readonly order: Order;
  readonly payment: Payment;
  readonly stock: Stock;
  readonly task: Task;
  readonly ticket: Ticket;
}

/** Every stream's states, one for each revision: what the log says, against which everything else is held. */
export class Histories {
  readonly #states = new Map<string, unknown[]>();
  readonly events: RecordedEvent[] = [];
  /** The states as the program's own code asks for them; what was folded here is not folded again. */
  readonly folds: Folds = {
    at: (aggregate, stream, revision) =>
      this.revisionOf(stream) < revision
        ? Promise.reject(new Error(`${stream} has no event ${revision}`))
        : Promise.resolve(this.at(stream, revision) as typeof aggregate.initial),
    latest: (aggregate, stream) => {
      const revision = this.revisionOf(stream);
      const state = (revision < 0 ? aggregate.initial : this.at(stream, revision)) as typeof aggregate.initial;
      return Promise.resolve({ state, revision });
    },
  };

  /** Decodes an event that was just stored and folds it. */
  add(stored: StoredEvent): RecordedEvent {
    const { id, stream, revision, position, type, data } = stored;
    const meta = decodeMeta(stored);
    const decoded = decodeDomainEvent({ type, v: meta.v, data });
    if (decoded._tag === 'Left') throw new Error(`${type} cannot be read: ${JSON.stringify(decoded.left)}`);
    const event: RecordedEvent = { id, stream, revision, position, event: decoded.right, meta };
    const aggregate = FOLDED.get(categoryOf(stream));
    if (!aggregate) throw new Error(`nobody folds ${stream}`);
    const states = this.#states.get(stream) ?? [];
    states.push(aggregate.evolve(states.length === 0 ? aggregate.initial : states.at(-1), event.event));
    this.#states.set(stream, states);
    this.events.push(event);
    return event;
  }

  /** The state just after an event. */
  at(stream: string, revision: number): unknown {
    return this.#states.get(stream)?.[revision];
  }

  get streams(): Iterable<string> {
    return this.#states.keys();
  }

  revisionOf(stream: string): number {
    return (this.#states.get(stream)?.length ?? 0) - 1;
  }

  /** The newest states of all streams of a kind. */
  *newest<Category extends keyof StateOf>(category: Category): Iterable<readonly [string, StateOf[Category]]> {
    for (const [stream, states] of this.#states) {
      if (categoryOf(stream) === category) yield [stream, states.at(-1) as StateOf[Category]];
    }
  }

  newestOf<Category extends keyof StateOf>(_category: Category, stream: string): StateOf[Category] | undefined {
    return this.#states.get(stream)?.at(-1) as StateOf[Category] | undefined;
  }
}
