import { checkOfTheEnd } from '../check.js';

/** Whoever is to be written to is written to within the time of grace. */
export const mailsAreSettled = checkOfTheEnd(
  'mails-are-settled',
  'every mail to a customer that was begun went out, or it is known why not',
  function* (world) {
    for (const { eventId, template, createdAt } of world.tables.mails) {
      if (!world.quiet(createdAt.getTime())) continue;
      yield { where: `mail ${eventId}`, text: `${template}, begun at ${createdAt.toISOString()}, did not go out` };
    }
  },
);
