import { expect } from 'chai';
import {
  amended,
  amendedAndStopped,
  amendedInVain,
  cancelled,
  cancelledAtOnce,
  dropped,
  expired,
  noted,
  paidInDollars,
  paidLess,
  paidMore,
  paidUnseen,
  refunded,
  served,
  soldOut,
  stopped,
  tell,
  undecided,
} from './support/stories.js';

describe('a process that ends between any two steps', () => {
  const stories = {
    served,
    noted,
    soldOut,
    expired,
    cancelled,
    cancelledAtOnce,
    paidUnseen,
    refunded,
    undecided,
    stopped,
    dropped,
    amended,
    amendedInVain,
    amendedAndStopped,
    paidLess,
    paidMore,
    paidInDollars,
  };
  for (const [name, story] of Object.entries(stories)) {
    for (const forgetful of [false, true]) {
      const checkpoints = forgetful ? 'from the very beginning' : 'from its checkpoints';
      it(`goes on ${checkpoints} to the same end, nothing twice: ${name}`, async function () {
        this.timeout(300_000);
        const undisturbed = await tell(story);
        const expectedHistory = undisturbed.world.history();
        let ended = 0;
        for (let point = 1; point <= undisturbed.world.points; point++) {
          const { world } = await tell(story, point, forgetful);
          ended += world.crashes;
          expect(sorted(world.history()), `ended at point ${point}`).to.deep.equal(sorted(expectedHistory));
        }
        expect(ended, 'every point was one at which the process really ended').to.equal(undisturbed.world.points);
      });
    }
  }
});

/**
 * Who brings a note to its ticket, the note itself or the opening of the ticket, is all the same: it comes once. So is whether what was
 * set aside goes back for the shortage or for the order's end, which comes of it.
 */
const told = (event: unknown): unknown => {
  const { type, data } = event as { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
  if (type === 'TicketNoteAdded') return { type, noteId: data.noteId };
  return type === 'ReservationReleased' ? { type, reservationId: data.reservationId, qty: data.qty } : event;
};
/** Reservations of one order in one stock stream may be told in another order after a crash; what is told may not differ. */
const sorted = (history: Readonly<Record<string, readonly unknown[]>>) =>
  Object.fromEntries(
    Object.entries(history).map(([stream, events]) => [
      stream,
      events.map((event) => JSON.stringify(told(event))).sort(),
    ]),
  );
