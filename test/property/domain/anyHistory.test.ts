import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { Aggregate, RejectionShape } from '../../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../../src/domain/kernel/envelope.js';
import { location, representLocation } from '../../../src/domain/location/index.js';
import { offer, representOffer } from '../../../src/domain/offer/index.js';
import { order, representOrder } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { pickupCounter } from '../../../src/domain/pickup/index.js';
import { representShipment, shipment } from '../../../src/domain/shipment/index.js';
import { representStock, stock } from '../../../src/domain/stock/index.js';
import { representTicket, ticket } from '../../../src/domain/ticket/index.js';
import { deepFreeze, expectStorable } from '../../support/given.js';

const folder = join(import.meta.dirname, '../../contract/events/golden');
interface Golden {
  readonly type: string;
  readonly v: number;
  readonly examples: readonly unknown[];
}
const goldens = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden);

/** Any events of one kind of stream in any order: more than a decider would ever write. */
function anyHistoryOf<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>({
  codec,
}: Aggregate<State, Command, Event, Rejection>): fc.Arbitrary<readonly Event[]> {
  const events = goldens
    .filter(({ type }) => codec.types.includes(type as Event['type']))
    .flatMap(({ type, v, examples }) => examples.map((data) => codec.decode({ type, v, data })))
    .flatMap((decoded) => (E.isRight(decoded) ? [decoded.right] : []));
  return fc.array(fc.constantFrom(...events), { maxLength: 30 });
}

function itFoldsAnything<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  represent: (state: State, revision: number) => unknown = () => undefined,
): void {
  it(`${aggregate.category}: whatever is stored folds and is shown, without an error and without a change in place`, () => {
    fc.assert(
      fc.property(anyHistoryOf(aggregate), (history) => {
        let state = deepFreeze(aggregate.initial);
        for (const event of deepFreeze(history)) {
          expectStorable(aggregate, event);
          state = deepFreeze(aggregate.evolve(state, event));
          represent(state, 0);
        }
        expect(history.reduce(aggregate.evolve, aggregate.initial)).to.deep.equal(state);
      }),
      { numRuns: 200 },
    );
  });
}

describe('any history', () => {
  itFoldsAnything(order, representOrder);
  itFoldsAnything(payment);
  itFoldsAnything(stock, representStock);
  itFoldsAnything(ticket, representTicket);
  itFoldsAnything(pickupCounter);
  itFoldsAnything(shipment, representShipment);
  itFoldsAnything(offer, representOffer);
  itFoldsAnything(location, representLocation);
});
