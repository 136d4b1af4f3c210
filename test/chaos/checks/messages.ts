import type { RecordedEvent } from '../../../src/domain/events.js';
import type { DomainEventShape } from '../../../src/domain/kernel/envelope.js';
import { envelope } from '../../../src/projections/publishers/publisher.js';
import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { sha256, type Witness } from '../system/witness.js';
import { type Check, checkEach } from './check.js';
import type { History } from './history.js';

interface Expected {
  readonly id: string;
  readonly type: string;
  readonly sha256: string;
  readonly body: string;
}

/** Every event that asks for a message led to it at least once, each time with the bytes that its log entry gives; and to no other. */
export async function checkMessages({ events }: History, { seen, differing }: Witness): Promise<readonly Check[]> {
  const expected = await expectedMessages(events);
  const known = new Set(expected.map(({ id }) => id));
  return [
    checkEach('every integration event was published, with the bytes that its event gives', expected, (message) => {
      const witnessed = seen.get(message.id);
      if (witnessed === undefined) return `${message.type} ${message.id} was never published: ${message.body}`;
      return witnessed.sha256 === message.sha256
        ? undefined
        : `${message.type} ${message.id} was published with other bytes than ${message.body}`;
    }),
    {
      name: 'whatever was published again had the same bytes',
      looked: [...seen.values()].reduce((sum, { times }) => sum + times, 0),
      differences: differing,
    },
    checkEach('nothing was published that no event asks for', seen, ([id, { type }]) =>
      known.has(id) ? undefined : `${type} ${id}`,
    ),
  ];
}

/** What the publisher's own mapping makes of the log. */
async function expectedMessages(events: History['events']): Promise<readonly Expected[]> {
  const past = new Past();
  const expected: Expected[] = [];
  for (const recorded of events) {
    past.add(recorded);
    if (!isPublished(recorded.event.type)) continue;
    const message = await messageOf(recorded, past);
    if (message === undefined) continue;
    const body = JSON.stringify(envelope(recorded, message));
    expected.push({ id: recorded.id, type: message.type, sha256: sha256(body), body });
  }
  return expected;
}

/** The streams of the log as far as it was read, folded on from where each was folded last. */
class Past implements Folds {
  readonly #events = new Map<string, DomainEventShape[]>();
  readonly #folded = new Map<string, { readonly revision: number; readonly state: unknown }>();

  add({ stream, event }: RecordedEvent): void {
    const events = this.#events.get(stream);
    if (events) events.push(event);
    else this.#events.set(stream, [event]);
  }

  at: Folds['at'] = (aggregate, stream, revision) => {
    const known = this.#folded.get(stream);
    const from = known && known.revision <= revision ? known : { revision: -1, state: aggregate.initial };
    const events = (this.#events.get(stream) ?? []).slice(from.revision + 1, revision + 1);
    const state = (events as Parameters<typeof aggregate.evolve>[1][]).reduce(
      (before, event) => aggregate.evolve(before, event),
      from.state as typeof aggregate.initial,
    );
    this.#folded.set(stream, { revision: from.revision + events.length, state });
    return Promise.resolve(state);
  };

  latest: Folds['latest'] = () => {
    throw new Error('a message depends on its own stream alone');
  };
}
