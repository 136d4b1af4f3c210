import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import { envelope } from '../../../src/projections/publishers/publisher.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Exactly the facts of the log are published, each at least once and always with the same bytes; none ends as a dead letter. */
export function everyFactIsPublished(): Invariant {
  const name = 'every fact is published, with the same bytes each time';
  const published = new Map<string, string>();
  return {
    name,
    published: (id, body) => {
      const before = published.get(id);
      if (before !== undefined && before !== body) throw new Violation(name, `${id} was ${before} and is now ${body}`);
      published.set(id, body);
    },
    atRest: async ({ histories, broker }: Installation) => {
      let wanted = 0;
      for (const event of histories.events) {
        if (!isPublished(event.event.type)) continue;
        const message = await messageOf(event, histories.folds);
        if (!message) continue;
        wanted += 1;
        const expected = JSON.stringify(envelope(event, message));
        const actual = published.get(event.id);
        if (actual !== expected)
          throw new Violation(name, `${message.type} ${event.id}: ${actual ?? 'never published'}`);
      }
      if (published.size !== wanted) throw new Violation(name, `${published.size} messages, ${wanted} facts`);
      const [dead] = broker.dead;
      if (dead) throw new Violation(name, `${dead.queue} gave up a message: ${dead.reason}`);
    },
  };
}
