import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { ShipmentId } from '../../domain/kernel/ids.js';
import { isTooFarAhead } from '../../domain/shipment/index.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import type { CarrierLabelCreatedV1 } from '../contracts/index.js';
import { MessageFault } from '../ports/faults.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf } from '../runtime/issuer.js';
import { type CarrierWord, carrierWords } from './carrierWords.js';

const LABEL = 'carrier.label_created.v1';
const VOIDED = 'carrier.label_voided.v1';
const TRACKING = 'carrier.tracking_updated.v1';

/** Where the carriers' answers wait to be recorded. */
export const CARRIER_ANSWER_QUEUE = { queue: 'comanda.carrier-answers', bindings: [LABEL, VOIDED, TRACKING] };

/**
 * Records what carriers say over the broker, once for each event of theirs, in whatever order it comes. A word about nothing
 * that we know is a fault of the message.
 */
export function carrierAnswers({
  executor,
  clock,
}: {
  readonly executor: Executor;
  readonly clock: Clock;
}): ConsumeOptions {
  const tell = carrierWords({ executor, clock });
  return {
    ...CARRIER_ANSWER_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const { shipmentId, word } = wordIn(message, clock.now());
      const recorded = await tell(shipmentId, word, causeOf(message));
      if (E.isLeft(recorded)) {
        throw new MessageFault(
          `${shipmentId} refused ${word.carrierEventId} of ${word.carrier}: ${recorded.left._tag}`,
        );
      }
    },
  };
}

function wordIn(
  message: CloudEvent<unknown>,
  now: string,
): { readonly shipmentId: ShipmentId; readonly word: CarrierWord } {
  if (message.type === LABEL) {
    const { shipmentId, carrier, carrierEventId, bookingId, occurredAt, ...said } = decodeMessage(LABEL, message);
    const at = instant(occurredAt, now);
    const answer = answerIn(said);
    const word = { type: 'RecordLabel', carrier, carrierEventId, bookingId, answer, occurredAt: at } as const;
    return { shipmentId, word };
  }
  if (message.type === VOIDED) {
    const { shipmentId, status, detail, occurredAt, ...said } = decodeMessage(VOIDED, message);
    const answer = status === 'voided' ? { status } : refusal(status, detail);
    return { shipmentId, word: { type: 'RecordLabelVoid', ...said, answer, occurredAt: instant(occurredAt, now) } };
  }
  const { shipmentId, occurredAt, ...said } = decodeMessage(TRACKING, message);
  return { shipmentId, word: { type: 'RecordCarrierUpdate', ...said, occurredAt: instant(occurredAt, now) } };
}

function answerIn({
  status,
  trackingNo,
  labelRef,
  detail,
}: Pick<CarrierLabelCreatedV1, 'status' | 'trackingNo' | 'labelRef' | 'detail'>) {
  if (status === 'refused') return refusal(status, detail);
  if (trackingNo === undefined) throw new MessageFault(`a ${LABEL} that was created has a trackingNo`);
  return { status, trackingNo, ...(labelRef === undefined ? {} : { labelRef }) };
}

const refusal = (status: 'refused', detail: string | undefined) => ({
  status,
  reason: detail ?? 'the carrier does not say why',
});

/** As the domain writes times, so that they can be compared. */
function instant(occurredAt: string, now: string): string {
  const at = Date.parse(occurredAt);
  if (Number.isNaN(at)) throw new MessageFault(`occurredAt is no time as in RFC 3339: ${occurredAt}`);
  if (isTooFarAhead(occurredAt, now)) throw new MessageFault(`occurredAt has not come yet: ${occurredAt}`);
  return new Date(at).toISOString();
}
