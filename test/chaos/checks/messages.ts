import { categoryOf } from '../../../src/domain/kernel/streams.js';
import { History } from './history.js';
import { envelope } from '../../../src/projections/publishers/publisher.js';
import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { sha256, type Witness } from '../system/witness.js';
import { type Check, checkEach } from './check.js';

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
  const past = new History();
  const folds = foldsOf(past);
  const expected: Expected[] = [];
  for (const recorded of events) {
    past.add(recorded);
    if (!isPublished(recorded.event.type)) continue;
    const message = await messageOf(recorded, folds);
    if (message === undefined) continue;
    const body = JSON.stringify(envelope(recorded, message));
    expected.push({ id: recorded.id, type: message.type, sha256: sha256(body), body });
  }
  return expected;
}

/** Folds at the event that was read last: walking the log in order, nothing else is asked for. */
function foldsOf(past: History): Folds {
  const standing = (stream: string) => {
    switch (categoryOf(stream)) {
      case 'order':
        return past.orders.get(stream);
      case 'payment':
        return past.payments.get(stream);
      default:
        return past.tickets.get(stream);
    }
  };
  return {
    at: <State>(_aggregate: unknown, stream: string, revision: number): Promise<State> => {
      const found = standing(stream);
      if (found?.revision !== revision) throw new Error(`${stream} stands at ${found?.revision}, not at ${revision}`);
      return Promise.resolve(found.state as State);
    },
    latest: () => {
      throw new Error('a message depends on its own stream alone');
    },
  };
}
