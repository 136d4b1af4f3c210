import { type ExistingOrder, isDead, order } from '../../domain/order/index.js';
import { checkOfTheEnd } from '../check.js';

/** What failed to go back is not counted as due any more: a person sees to it. */
const oneFailed = ({ settledRefunds }: ExistingOrder): boolean =>
  settledRefunds.some(({ outcome }) => outcome === 'failed');

/** What is due back never exceeds what came in; an order that ended unserved keeps nothing. */
export const refundsAreOwed = checkOfTheEnd(
  'refunds-are-owed',
  'no order owes more than it took, and one that ended without being served owes all of it',
  function* (world) {
    for (const [where, { state }] of world.all(order)) {
      if (state.status === 'none') continue;
      const captured = state.captured.amount;
      const due = state.refundDue.amount;
      if (due > captured) yield { where, text: 'owes more than it took', expected: captured, found: due };
      else if (isDead(state) && due !== captured && !oneFailed(state)) {
        yield { where, text: `${state.status}, but does not owe all that it took`, expected: captured, found: due };
      }
    }
  },
);
