import { checkOfTheEnd } from '../check.js';

/** What was parked stands still until somebody retries or discards it. */
export const nothingIsParked = checkOfTheEnd('nothing-is-parked', 'no runner holds back events', function* (world) {
  for (const { runner, stream, revision, reason, events } of world.tables.parked) {
    const count = events === 1 ? 'this event' : `${events} events from here on`;
    yield { where: `${stream}@${revision}`, text: `${runner} holds back ${count}: ${reason}` };
  }
});
