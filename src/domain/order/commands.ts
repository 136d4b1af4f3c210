import type {
  AmendmentId,
  CancellationId,
  CheckId,
  LineId,
  NoteId,
  PaymentId,
  ReservationId,
  ReturnId,
  ShipmentId,
  TicketId,
} from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { Sealed } from '../kernel/sealed.js';
import type { CancellationEnd } from '../settings/settings.js';
import type { CheckRule, OrderEvent, OrderLine, OrderMode, Shortage } from './events.js';

type Data<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

/** The payment that an accepted order waits for; derived and timed by whoever issues the command. */
export interface Acceptance {
  readonly paymentId: PaymentId;
  /** RFC 3339; acceptance time plus the payment window. */
  readonly paymentDueAt: string;
}

/** By which payment a difference would be asked for, the next of the order first: the first that it does not know is taken. */
export type NextPayments = readonly Omit<Data<'PaymentRequested'>, 'amount' | 'purpose'>[];

/** Who asks for a change of an order. */
export type By = 'customer' | 'staff' | 'merchant' | 'system';

/** Money that came as another amount than was asked for. */
export type OtherMoney = NonNullable<Data<'OrderHoldResolved'>['money']>[number];

export interface LineQuantity {
  readonly lineId: LineId;
  readonly qty: number;
}

/** Units that came back, and whether they can be sold again. */
export type ReturnedUnits = Data<'LinesReturned'>['lines'][number];

/** Everything that may be asked of an order. Times, ids, prices and policies arrive in the command. */
export type OrderCommand =
  | {
      readonly type: 'PlaceOrder';
      readonly order: Data<'OrderPlaced'>;
      readonly acceptance: Acceptance;
      readonly allowedModes: readonly OrderMode[];
    }
  | {
      readonly type: 'RecordStockSecured';
      readonly reservations: readonly { readonly lineId: LineId; readonly reservationId: ReservationId }[];
      readonly acceptance: Acceptance;
    }
  | {
      readonly type: 'RecordStockShort';
      readonly shortages: readonly Shortage[];
      /** RFC 3339; until when an order that would rather wait than be rejected is held. */
      readonly decideBy: string;
    }
  | {
      readonly type: 'RecordCheckResult';
      readonly checkId: CheckId;
      readonly verdict: Data<'OrderChecked'>['verdict'];
      readonly rules: readonly CheckRule[];
      readonly engine: string;
      readonly engineVersion: string;
      /** RFC 3339; until when somebody has to look at an order that the engine does not decide. */
      readonly decideBy: string;
      readonly acceptance: Acceptance;
    }
  | {
      readonly type: 'HoldOrder';
      readonly kind: Data<'OrderHeld'>['kind'];
      readonly detail: string;
      /** RFC 3339. */
      readonly decideBy: string;
      /** Which articles are suspended, where it is that. */
      readonly soldOut?: Data<'OrderHeld'>['soldOut'];
      /** One that was paid, or is confirmed otherwise, goes on. */
      readonly unpaidOnly?: true;
    }
  | {
      readonly type: 'ResolveHold';
      readonly decision: Data<'OrderHoldResolved'>['decision'];
      /** What to drop, for `amend`. */
      readonly lines?: readonly LineQuantity[];
      /** Shown to the customer where the order is rejected. */
      readonly reason?: string;
      readonly by: By;
      /** Names the decision, so that a repeat finds it made. */
      readonly resolutionId?: string;
      /** RFC 3339. People decide before the hold's time is over, the system at or after it. */
      readonly at: string;
      readonly acceptance: Acceptance;
      /** What came as another amount than was asked for, and waits for this decision. */
      readonly money?: readonly OtherMoney[];
      /** By which payment an order that goes on waiting for one is paid, where nobody can pay that one any more. */
      readonly another?: {
        readonly insteadOf: PaymentId;
        readonly paymentId: PaymentId;
        readonly ordinal: number;
      };
    }
  | {
      readonly type: 'ConfirmPayLater';
      /** Whether the location lets its customers pay afterwards. */
      readonly allowed: boolean;
    }
  | {
      readonly type: 'RequestPayment';
      /** Names the request, so that a repeat is the same one, however often something was due since. */
      readonly requestKey?: string;
      /** The payment that the order waits for, where whoever asks knows that nobody can pay that one any more. */
      readonly insteadOf?: PaymentId;
      /** The payment to open where none is open, and which one of the order it is. */
      readonly paymentId: PaymentId;
      readonly ordinal: number;
      /** RFC 3339; the end of the time to pay what is due of an order that goes on. */
      readonly dueAt: string;
      /** RFC 3339. */
      readonly at: string;
    }
  | {
      readonly type: 'ConfirmAuthorized';
      readonly paymentId: PaymentId;
      readonly authorized: Money;
    }
  | { readonly type: 'RecordAuthorizationLost'; readonly paymentId: PaymentId }
  | {
      readonly type: 'AttachPaymentLink';
      readonly paymentId: PaymentId;
      readonly url: string;
      readonly expiresAt: string;
    }
  /** Nobody can pay that one any more. */
  | { readonly type: 'DetachPaymentLink'; readonly paymentId: PaymentId }
  | {
      readonly type: 'ApplyPayment';
      readonly paymentId: PaymentId;
      readonly intentId: string;
      readonly amount: Money;
      readonly method: string;
    }
  | {
      readonly type: 'ExpireOrder';
      /** RFC 3339. */
      readonly at: string;
      /** The payment that was ended before; absent: whichever the order waits for. */
      readonly paymentId?: PaymentId;
    }
  | {
      readonly type: 'RequestCancellation';
      readonly cancellationId: CancellationId;
      readonly reason: string;
      readonly by: By;
      /** Stop the kitchen even where it has begun; for the staff alone. */
      readonly force?: boolean;
      /** What ends the time in which customers cancel by themselves; absent: that the kitchen begins. */
      readonly customersUntil?: CancellationEnd;
    }
  | {
      readonly type: 'SettleCancellation';
      readonly cancellationId: CancellationId;
      /** What could be stopped; units of a line that are not open any more are left out of account. */
      readonly stopped: readonly LineQuantity[];
      /** Why the rest could not. */
      readonly cause: string;
      readonly at: string;
    }
  | {
      readonly type: 'CancelLines';
      readonly cancellationId: CancellationId;
      readonly lines: readonly LineQuantity[];
      readonly reason: string;
      readonly by: By;
      readonly at: string;
      /** As with `RequestCancellation`. */
      readonly customersUntil?: CancellationEnd;
      /** The quantities are the most: what is not open any more, or has left, stays as it is. */
      readonly upTo?: boolean;
    }
  | {
      readonly type: 'AmendOrder';
      readonly amendmentId: AmendmentId;
      /** Priced, under ids that no line of the order has. */
      readonly add: readonly OrderLine[];
      readonly drop: readonly LineQuantity[];
      /** `refund`: what was paid for more than is left goes back; `none`: it stays with the order. */
      readonly settlement: 'refund' | 'none';
      readonly by: By;
      /** RFC 3339. */
      readonly at: string;
      readonly payments: NextPayments;
      /** What one order may cost. */
      readonly maximum: Money;
    }
  | {
      readonly type: 'SettleAmendment';
      readonly amendmentId: AmendmentId;
      /** The lines that come, as far as units were set aside for them. */
      readonly reserved: readonly LineId[];
      readonly payments: NextPayments;
    }
  | {
      readonly type: 'DeclineAmendment';
      readonly amendmentId: AmendmentId;
      readonly cause: string;
      readonly shortages?: readonly Shortage[];
    }
  | {
      readonly type: 'GrantRefund';
      /** Names the wish, so that a repeat is the same one. */
      readonly refundKey: string;
      /** Some money, or what these units cost. */
      readonly refund: { readonly amount: Money } | { readonly lines: readonly LineQuantity[] };
      readonly reason: 'goodwill' | 'return';
      readonly note?: string;
      /** Up to here, in minor units, nobody has to approve it. */
      readonly automaticUpTo: number;
    }
  | {
      readonly type: 'RecordRefund';
      readonly paymentId: PaymentId;
      /** Ours, or the provider's of a refund that was made there. */
      readonly refundId: string;
      readonly amount: Money;
      readonly outcome: 'succeeded';
      readonly foreign?: boolean;
    }
  | {
      readonly type: 'RecordRefund';
      readonly paymentId: PaymentId;
      /** As above. */
      readonly refundId: string;
      readonly amount: Money;
      readonly outcome: 'failed';
      readonly foreign?: boolean;
      readonly code: string;
      /** Why it had been granted. */
      readonly reason?: Data<'RefundDue'>['reason'];
    }
  | {
      readonly type: 'AddNote';
      readonly noteId: NoteId;
      /** What is written; nobody reads it without the key. */
      readonly sealed: Sealed;
      readonly visibility: Data<'NoteAdded'>['visibility'];
    }
  | {
      readonly type: 'StartFulfilment';
      readonly tickets: readonly { readonly ticketId: TicketId; readonly pickupNo?: number }[];
      readonly shipLines: readonly LineId[];
    }
  | {
      readonly type: 'RecordProgress';
      readonly stage: Data<'FulfilmentProgressed'>['stage'];
      /** The kitchen takes up again what it had made ready: only such a report leads back. */
      readonly again?: boolean;
    }
  | {
      readonly type: 'RecordLinesFulfilled';
      readonly by: string;
      readonly lines: readonly { readonly lineId: LineId; readonly qty: number }[];
      readonly how: Data<'LinesFulfilled'>['how'];
      readonly at: string;
      /** It has happened: units that were called off just before are left out. Otherwise they make it refused. */
      readonly openOnly?: true;
    }
  | {
      readonly type: 'AllotLines';
      readonly shipmentId: ShipmentId;
      readonly lines: readonly LineQuantity[];
      /** As for RecordLinesFulfilled. */
      readonly openOnly?: true;
    }
  | {
      readonly type: 'RecordDispatch';
      readonly shipmentId: ShipmentId;
      readonly carrier: string;
      readonly trackingNo?: string;
    }
  | {
      readonly type: 'RecordRelease';
      readonly shipmentId: ShipmentId;
      readonly why: Data<'LinesReleased'>['why'];
    }
  /** What is absent stays as it is. */
  | {
      readonly type: 'ChangeDelivery';
      readonly contact?: Sealed;
      readonly address?: Sealed;
      /** RFC 3339, UTC, milliseconds. */
      readonly promisedAt?: string;
      readonly by: By;
    }
  /** Whoever fetches it, or eats it there, wants it for then, RFC 3339, UTC, milliseconds. */
  | { readonly type: 'ChangePromise'; readonly promisedAt: string; readonly by: By }
  /** The kitchen promises it for then by now, RFC 3339, UTC, milliseconds. */
  | { readonly type: 'RecordPromise'; readonly promisedAt: string }
  /** Units that were handed over are back. `returnId` names what came at once, so that it is counted once. */
  | {
      readonly type: 'RecordReturn';
      readonly returnId: ReturnId;
      readonly lines: readonly ReturnedUnits[];
      readonly reason?: string;
      readonly by: By;
    }
  | { readonly type: 'CompleteOrder'; readonly by: 'customer' | 'timer' | 'staff' };

export type { OrderLine };
