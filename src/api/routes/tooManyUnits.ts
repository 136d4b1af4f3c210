import type { PlaceOrderInput } from '../../commands/order/placeOrderInput.js';
import { linesWanted } from '../../commands/order/priceWanted.js';
import { type Problem, problem } from '../problems/problem.js';
import { pointerTo } from '../problems/validation.js';
import { MAX_QUANTITY } from '../schema/amounts.js';

/**
 * What comes several times, with the same options and the same note, is one line then, which has a limit too. With other options
 * it is another line with a limit of its own.
 * @param where the property of the body that has the lines
 */
export function tooManyUnits(lines: PlaceOrderInput['lines'], where = 'lines'): Problem | undefined {
  if (lines.length < 2) return undefined;
  const errors = linesWanted(lines)
    .filter(({ quantity }) => quantity > MAX_QUANTITY)
    .map(({ sku, quantity, places }) => ({
      pointer: pointerTo([where, String(overAt(lines, places)), 'quantity']),
      code: 'out-of-range',
      detail: `${sku} comes several times, ${quantity} together: at most ${MAX_QUANTITY} can be ordered`,
    }));
  return errors[0] && problem('validation-failed', errors[0].detail, { errors });
}

/** With which of these lines it became too much. */
function overAt(lines: PlaceOrderInput['lines'], places: readonly number[]): number {
  let units = 0;
  return places.find((place) => (units += lines[place]?.quantity ?? 0) > MAX_QUANTITY) ?? 0;
}
