import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import { ShipmentIdCodec } from '../../domain/kernel/ids.js';
import { shipmentStream } from '../../domain/kernel/streams.js';
import { CarrierStatusCodec, shipment } from '../../domain/shipment/index.js';
import type { InboxEntry } from '../payment/webhookInbox/inboxTable.js';
import { issuerFor } from '../runtime/issuer.js';

/** What a carrier said, as the API stored it. */
const CarrierWord = t.intersection([
  t.type({ shipmentId: ShipmentIdCodec, status: CarrierStatusCodec, occurredAt: t.string }),
  t.partial({ trackingNo: t.string, detail: t.string }),
]);

/** How a carrier is called in the webhook inbox. */
export const inboxNameOf = (carrier: string): string => `carrier/${carrier}`;

/**
 * Tells a shipment what its carrier said. Answers null, or why nothing came of it. Throws system faults: worth another try.
 * @param carrier its name, as it stands in the path of its webhook
 */
export function recordCarrierWord(
  { executor, clock, tenant }: { readonly executor: Executor; readonly clock: Clock; readonly tenant: string },
  carrier: string,
) {
  const issuer = issuerFor('carrier-inbox', 'provider', executor, clock);

  return async ({ eventId, body }: Pick<InboxEntry, 'eventId' | 'body'>): Promise<string | null> => {
    const word = CarrierWord.decode(JSON.parse(body));
    if (E.isLeft(word)) return 'the stored word of the carrier cannot be read';
    const { shipmentId, ...said } = word.right;
    // the carrier knows the shipment, not the request that began it; two carriers may call their events the same
    const { issue } = issuer({ id: `${inboxNameOf(carrier)}/${eventId}`, correlationId: shipmentId, tenant });
    const recorded = await issue(shipment, shipmentStream(shipmentId), 'update', {
      type: 'RecordCarrierUpdate',
      carrier,
      carrierEventId: eventId,
      ...said,
    });
    return E.isLeft(recorded) ? `the shipment refused: ${recorded.left._tag}` : null;
  };
}
