import type { StoredEvent } from '../../../domain/kernel/storedEvent.js';
import type { Stretch } from '../../../subscriptions/ports/logHistory.js';
import { readMessage } from '../readMessages.js';

/** The events of a stretch out of the answers of a read that began with it. */
export async function* eventsOf(
  portions: AsyncIterable<Iterable<Buffer>>,
  { after, upTo }: Pick<Stretch, 'after' | 'upTo'>,
): AsyncGenerator<readonly StoredEvent[], void> {
  for await (const answers of portions) {
    const events: StoredEvent[] = [];
    let over = false;
    for (const answer of answers) {
      const message = readMessage(answer);
      const event = message.kind === 'event' ? message.event : undefined;
      if (!event || event.type.startsWith('$')) continue;
      // a read begins with the event at its position
      if (after !== null && event.position <= after) continue;
      over = event.position >= upTo;
      if (event.position <= upTo) events.push(event);
      if (over) break;
    }
    if (events.length > 0) yield events;
    if (over) return;
  }
}
