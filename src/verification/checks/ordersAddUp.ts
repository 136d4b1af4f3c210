import { costOfLine, order } from '../../domain/order/index.js';
import { checkOfTheEnd } from '../check.js';

/** What an order costs is what its lines, bringing them and the tip cost, with their tax: no cent is won or lost on the way to the total. */
export const ordersAddUp = checkOfTheEnd(
  'orders-add-up',
  'what an order costs is the sum of its lines, of what bringing them costs and of the tip, with their tax',
  function* (world) {
    for (const [where, { state }] of world.all(order)) {
      if (state.status === 'none') continue;
      const { details } = state;
      const { deliveryFee, deliveryTax, tip, taxInclusive, total } = details;
      const onTop = taxInclusive ? 0 : (deliveryTax?.amount.amount ?? 0);
      const parts = details.lines.reduce((sum, line) => sum + costOfLine(details, line), deliveryFee.amount + onTop);
      const expected = parts + tip.amount;
      if (total.amount !== expected) {
        yield { where, text: 'costs something else than its parts do', expected, found: total.amount };
      }
      const { amount: cancelled } = state.cancelledAmount;
      if (cancelled > total.amount) {
        yield { where, text: 'has more called off than it costs', expected: total.amount, found: cancelled };
      }
    }
  },
);
