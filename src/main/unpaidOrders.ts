import type { UnpaidOrders } from '../processes/index.js';
import { unpaidOrderQueries } from '../projections/order/unpaid.js';
import type { Queryable } from '../subscriptions/ports/database.js';
import { pause } from '../subscriptions/wait.js';

const LOOK_AGAIN_MS = 100;
/** Idle, a view says about once a second how far it has come; the wait is a little longer than that. */
const MOST_LOOKS = 20;

/** Orders that nobody has paid yet, by the order view. */
export function unpaidOrdersOf(database: Queryable): UnpaidOrders {
  const { shownUpTo, withArticle } = unpaidOrderQueries(database);
  return {
    withArticle,
    shows: async (position) => {
      for (let looks = MOST_LOOKS; looks > 0; looks -= 1) {
        if ((await shownUpTo()) >= position) return true;
        await pause(LOOK_AGAIN_MS);
      }
      return false;
    },
  };
}
