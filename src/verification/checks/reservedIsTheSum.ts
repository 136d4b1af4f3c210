import { trieEntries } from '../../domain/kernel/hashTrie.js';
import { stock } from '../../domain/stock/index.js';
import { checkOfTheEnd } from '../check.js';

/** The item's own count of what is reserved against its reservations. */
export const reservedIsTheSum = checkOfTheEnd(
  'reserved-is-the-sum',
  'what an item counts as reserved is the sum of its reservations',
  function* (world) {
    for (const [stream, { state, revision }] of world.all(stock)) {
      if (state.status === 'none') continue;
      let sum = 0;
      for (const [, { qty }] of trieEntries(state.reservations.byId)) sum += qty;
      if (sum === state.reserved) continue;
      yield {
        where: `${stream}@${revision}`,
        text: 'the count of reserved units is not the sum of the reservations',
        expected: sum,
        found: state.reserved,
      };
    }
  },
);
