import type * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import type { ShipmentId } from '../../domain/kernel/ids.js';
import { shipmentStream } from '../../domain/kernel/streams.js';
import { shipment, type ShipmentCommand } from '../../domain/shipment/index.js';
import { type Cause, issuerFor } from '../runtime/issuer.js';

export type CarrierWord = Extract<ShipmentCommand, { type: 'RecordCarrierUpdate' | 'RecordLabel' | 'RecordLabelVoid' }>;

/** What each is called in the ids of its commands: never changes. */
const STEPS = { RecordLabel: 'label', RecordLabelVoid: 'void', RecordCarrierUpdate: 'update' } as const;

/** How a carrier is called in the webhook inbox. */
export const inboxNameOf = (carrier: string): string => `carrier/${carrier}`;

/**
 * Tells a shipment what its carrier said, whichever way that came: by the carrier's own id of it, it is one command, and
 * counts once. Throws system faults: worth another try.
 */
export function carrierWords({ executor, clock }: { readonly executor: Executor; readonly clock: Clock }) {
  const issuer = issuerFor('carrier-inbox', 'provider', executor, clock);

  return (
    shipmentId: ShipmentId,
    word: CarrierWord,
    cause: Omit<Cause, 'id'>,
  ): Promise<E.Either<RejectionShape, unknown>> => {
    // two carriers may call their events the same
    const { issue } = issuer({ ...cause, id: `${inboxNameOf(word.carrier)}/${word.carrierEventId}` });
    return issue(shipment, shipmentStream(shipmentId), STEPS[word.type], word);
  };
}
