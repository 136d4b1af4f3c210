import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LocationIdCodec, OrderIdCodec, PaymentIdCodec, RefundIdCodec, SkuCodec, TaskIdCodec } from '../kernel/ids.js';

/** What somebody has to do: each kind has a way of its own to become settled. */
const TaskKindCodec = t.keyof({
  /** An order is held until somebody decides. */
  hold: null,
  /** A refund goes only when somebody approves it. */
  refund_approval: null,
  /** Money that was to go back did not. */
  refund_failed: null,
  /** Another amount than was asked for was paid. */
  mismatch: null,
  /** Money that was held for an order that goes on is gone. */
  authorization_lost: null,
  /** A payer disputes a charge; the provider wants evidence by a date. */
  dispute: null,
  /** The provider makes no page to pay an order at. */
  no_payment_page: null,
  /** Less is on the shelf than is promised. */
  shortfall: null,
  /** Something of an order lies loose and is to be packed. */
  to_ship: null,
  /** Goods are gone that were called off in the same moment. */
  gone_all_the_same: null,
  /** Something that the kitchen had begun is not wanted any more, and nobody there says that they saw it. */
  void_unseen: null,
  /** No carrier sells a label for a shipment, and nobody else brings it. */
  label_missing: null,
  /** A label that was bought is not used, and its carrier does not take it back. */
  label_not_voided: null,
  /** The books of two places do not agree, and no command puts it right. */
  reconciliation: null,
});
export type TaskKind = t.TypeOf<typeof TaskKindCodec>;

/** What a task is about. */
const TaskSubjectCodec = t.partial({
  orderId: OrderIdCodec,
  paymentId: PaymentIdCodec,
  refundId: RefundIdCodec,
  sku: SkuCodec,
  locationId: LocationIdCodec,
});
export type TaskSubject = t.TypeOf<typeof TaskSubjectCodec>;

const definitions = {
  TaskOpened: {
    v: 1,
    data: t.intersection([
      t.type({
        taskId: TaskIdCodec,
        kind: TaskKindCodec,
        about: TaskSubjectCodec,
        /** For people: what is wrong. */
        text: t.string,
        openedAt: t.string,
      }),
      /** RFC 3339; when it is too late. */
      t.partial({ dueAt: t.string }),
    ]),
  },
  TaskDone: {
    v: 1,
    data: t.intersection([
      /** Who did it, a pseudonym; `system` where what was wrong is so no more. */
      t.type({ by: t.string, at: t.string }),
      t.partial({ note: t.string }),
    ]),
  },
} as const;

/** Every event of a task, as a union discriminated by `type`. */
export type TaskEvent = EventOf<typeof definitions>;
export const taskEvents = eventCodec(definitions);
