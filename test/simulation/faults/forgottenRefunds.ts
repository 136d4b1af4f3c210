import type { EventStore } from '../../../src/commands/ports/eventStore.js';
import type { Sabotage } from '../world/installation.js';

/** An append that is confirmed and never stored, where it holds an event of that type. */
const losing = (store: EventStore, lost: string): EventStore => ({
  ...store,
  append: (stream, events, expected) =>
    events.some(({ type }) => type === lost)
      ? Promise.resolve({ revision: expected === 'no_stream' ? 0 : expected + events.length, position: 1n })
      : store.append(stream, events, expected),
});

/** A refund of the provider's desk that counts for ever, also when it fails. */
export const deskNeverFails: Sabotage = (ports) => ({
  ...ports,
  eventStore: losing(ports.eventStore, 'ForeignRefundFailed'),
});

/** An order that is not told that a refund came to nothing. */
export const orderNotTold: Sabotage = (ports) => ({
  ...ports,
  eventStore: losing(ports.eventStore, 'RefundFailedNoted'),
});

/** A refund that failed, of which nobody of the staff hears. */
export const nobodyAsked: Sabotage = (ports) => ({
  ...ports,
  eventStore: {
    ...ports.eventStore,
    append: (stream, events, expected) =>
      events.some(({ type, data }) => type === 'TaskOpened' && (data as { kind: string }).kind === 'refund_failed')
        ? Promise.resolve({ revision: 0, position: 1n })
        : ports.eventStore.append(stream, events, expected),
  },
});

/** Books that nobody looks at: what crossed on its way stays as it came. */
export const booksNotRead: Sabotage = (ports) => ({
  ...ports,
  lists: { ...ports.lists, listAllRefunds: () => none() },
});

async function* none(): AsyncIterable<never> {
  // an empty list
}
