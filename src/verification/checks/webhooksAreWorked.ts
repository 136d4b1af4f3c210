import { checkOfTheEnd } from '../check.js';

/** What the provider told us is worked within the time of grace. */
export const webhooksAreWorked = checkOfTheEnd(
  'webhooks-are-worked',
  'every webhook that was stored is worked',
  function* (world) {
    for (const { eventId, eventType, receivedAt, attempts, lastError } of world.tables.webhooks) {
      if (!world.quiet(receivedAt.getTime())) continue;
      const why = lastError === null ? '' : `: ${lastError}`;
      yield {
        where: `webhook ${eventId}`,
        text: `${eventType} of ${receivedAt.toISOString()} is not worked after ${attempts} attempts${why}`,
      };
    }
  },
);
