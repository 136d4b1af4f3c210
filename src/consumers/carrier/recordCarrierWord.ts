import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import { ShipmentIdCodec } from '../../domain/kernel/ids.js';
import { CarrierStatusCodec } from '../../domain/shipment/index.js';
import type { InboxEntry } from '../payment/webhookInbox/inboxTable.js';
import { carrierWords } from './carrierWords.js';

/** What a carrier said, as the API stored it. */
const StoredWord = t.intersection([
  t.type({ shipmentId: ShipmentIdCodec, status: CarrierStatusCodec, occurredAt: t.string }),
  t.partial({ trackingNo: t.string, detail: t.string }),
]);

/**
 * Tells a shipment what its carrier said by webhook. Answers null, or why nothing came of it. Throws system faults: worth
 * another try.
 * @param carrier its name, as it stands in the path of its webhook
 */
export function recordCarrierWord(
  { executor, clock, tenant }: { readonly executor: Executor; readonly clock: Clock; readonly tenant: string },
  carrier: string,
) {
  const tell = carrierWords({ executor, clock });

  return async ({ eventId, body }: Pick<InboxEntry, 'eventId' | 'body'>): Promise<string | null> => {
    const word = StoredWord.decode(JSON.parse(body));
    if (E.isLeft(word)) return 'the stored word of the carrier cannot be read';
    const { shipmentId, ...said } = word.right;
    const recorded = await tell(
      shipmentId,
      { type: 'RecordCarrierUpdate', carrier, carrierEventId: eventId, ...said },
      // the carrier knows the shipment, not the request that began it
      { correlationId: shipmentId, tenant },
    );
    return E.isLeft(recorded) ? `the shipment refused: ${recorded.left._tag}` : null;
  };
}
