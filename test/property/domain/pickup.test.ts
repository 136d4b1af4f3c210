import { expect } from 'chai';
import fc from 'fast-check';
import { trieEntries } from '../../../src/domain/kernel/hashTrie.js';
import { pickupCounter, type PickupCommand } from '../../../src/domain/pickup/index.js';
import { idOf } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const ticketIds = fc.integer({ min: 1, max: 4 }).map((n) => idOf('ticket', n));
const units = fc.integer({ min: 0, max: 9 });
const quarters = fc.constantFrom('2024-05-04T12:00:00.000Z', '2024-05-04T12:15:00.000Z', '2024-05-05T01:00:00.000Z');
const anyCommand: fc.Arbitrary<PickupCommand> = fc.oneof(
  fc.record({ ticketId: ticketIds, units, from: quarters }).map(({ ticketId, ...load }): PickupCommand => ({
    type: 'GivePickupNumber',
    ticketId,
    load: { ...load, capacity: 8 },
  })),
  ticketIds.map((ticketId): PickupCommand => ({ type: 'GivePickupNumber', ticketId })),
  fc.record({ ticketId: ticketIds, units }).map((left): PickupCommand => ({ type: 'ChangeKitchenLoad', ...left })),
  fc
    .record({ ticketId: ticketIds, units, quarter: quarters })
    .map((place): PickupCommand => ({ type: 'PlaceKitchenLoad', ...place })),
  ticketIds.map((ticketId): PickupCommand => ({ type: 'RemoveKitchenLoad', ticketId })),
);

describe('a pickup counter, whatever is asked of it', () => {
  it('has in each quarter of an hour what its tickets have there, each in one, and gives no number twice', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
        walk(pickupCounter, commands, ({ after }) => {
          const wanted = new Map<string, number>();
          const numbers: number[] = [];
          for (const [, { quarter, units: its, pickupNo }] of trieEntries(after.tickets)) {
            if (quarter !== undefined) wanted.set(quarter, (wanted.get(quarter) ?? 0) + its);
            if (pickupNo !== undefined) numbers.push(pickupNo);
          }
          for (const [quarter, load] of trieEntries(after.quarters)) {
            expect(load, quarter).to.equal(wanted.get(quarter) ?? 0);
          }
          expect(numbers.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: after.last }, (_, n) => n + 1));
        });
      }),
      { numRuns: 500 },
    );
  });
});
