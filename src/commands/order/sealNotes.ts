import type { OrderId } from '../../domain/kernel/ids.js';
import type { OrderLine } from '../../domain/order/index.js';
import type { PersonalData } from '../ports/personalData.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import { linesWanted } from './priceWanted.js';

/**
 * The priced lines with what is noted of each, sealed under the key of whom the order is for.
 * @param wanted what they were priced from
 * @throws DatabaseUnavailable where the key must be kept
 */
export async function sealNotes(
  personalData: PersonalData,
  orderId: OrderId,
  lines: readonly OrderLine[],
  wanted: PlaceOrderInput['lines'],
): Promise<readonly OrderLine[]> {
  if (wanted.every(({ note }) => note === undefined)) return lines;
  const notes = linesWanted(wanted).map(({ note }) => note);
  return await Promise.all(
    lines.map(async (line, ordinal) => {
      const note = notes[ordinal];
      return note === undefined ? line : { ...line, note: await personalData.seal(orderId, 'note', note) };
    }),
  );
}
