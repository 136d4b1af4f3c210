import * as t from 'io-ts';

/** The kinds of ids and the prefix that each carries in text: `ord_` and 26 base32 symbols of a UUID. */
const ID_PREFIXES = {
  order: 'ord',
  line: 'lin',
  payment: 'pay',
  reservation: 'res',
  ticket: 'tkt',
  ticketItem: 'itm',
  shipment: 'shp',
  refund: 'rfd',
  cancellation: 'can',
  check: 'chk',
  note: 'not',
  task: 'tsk',
  amendment: 'amd',
  return: 'ret',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

type Id<Kind extends IdKind> = string & { readonly __id: Kind };
export type OrderId = Id<'order'>;
export type LineId = Id<'line'>;
export type PaymentId = Id<'payment'>;
export type ReservationId = Id<'reservation'>;
export type TicketId = Id<'ticket'>;
export type TicketItemId = Id<'ticketItem'>;
export type ShipmentId = Id<'shipment'>;
export type RefundId = Id<'refund'>;
export type CancellationId = Id<'cancellation'>;
export type CheckId = Id<'check'>;
export type NoteId = Id<'note'>;
export type TaskId = Id<'task'>;
export type AmendmentId = Id<'amendment'>;
export type ReturnId = Id<'return'>;

export type Sku = string & { readonly __brand: 'Sku' };
export type LocationId = string & { readonly __brand: 'LocationId' };
export type MerchantOrderNo = string & { readonly __brand: 'MerchantOrderNo' };

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_BODY = '[0-7][0-9a-hjkmnp-tv-z]{25}';

/** The text form of a UUID: prefix, underscore and the UUID's 128 bits in 26 lower-case Crockford base32 symbols. */
export function formatId<Kind extends IdKind>(kind: Kind, uuid: string): Id<Kind> {
  let text = `${ID_PREFIXES[kind]}_`;
  // 26 symbols of 5 bits are 130: the number begins with two zeros
  let bits = 0;
  let held = 2;
  for (let at = 0; at < uuid.length; at++) {
    if (uuid[at] === '-') continue;
    bits = ((bits & 31) << 4) | parseInt(uuid.charAt(at), 16);
    held += 4;
    if (held < 5) continue;
    held -= 5;
    text += CROCKFORD.charAt((bits >> held) & 31);
  }
  return text as Id<Kind>;
}

const patternOf = (kind: IdKind): RegExp => new RegExp(`^${ID_PREFIXES[kind]}_${ID_BODY}$`);
const PATTERNS = Object.fromEntries(
  (Object.keys(ID_PREFIXES) as readonly IdKind[]).map((kind) => [kind, patternOf(kind)]),
) as Readonly<Record<IdKind, RegExp>>;

/** Whether the text is an id of that kind in its one accepted spelling (lower case). */
export function isId<Kind extends IdKind>(kind: Kind, text: unknown): text is Id<Kind> {
  return typeof text === 'string' && PATTERNS[kind].test(text);
}

const idCodec = <Kind extends IdKind>(kind: Kind): t.Type<Id<Kind>, string, unknown> =>
  textCodec<Id<Kind>>(`${kind} id`, (text) => PATTERNS[kind].test(text));

function textCodec<T extends string>(name: string, accepts: (text: string) => boolean): t.Type<T, string, unknown> {
  const is = (value: unknown): value is T => typeof value === 'string' && accepts(value);
  return new t.Type<T, string, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    (id) => id,
  );
}

export const OrderIdCodec = idCodec('order');
export const LineIdCodec = idCodec('line');
export const PaymentIdCodec = idCodec('payment');
export const ReservationIdCodec = idCodec('reservation');
export const TicketIdCodec = idCodec('ticket');
export const TicketItemIdCodec = idCodec('ticketItem');
export const ShipmentIdCodec = idCodec('shipment');
export const RefundIdCodec = idCodec('refund');
export const CancellationIdCodec = idCodec('cancellation');
export const CheckIdCodec = idCodec('check');
export const NoteIdCodec = idCodec('note');
export const TaskIdCodec = idCodec('task');
export const AmendmentIdCodec = idCodec('amendment');
export const ReturnIdCodec = idCodec('return');

/** 1–64 of A–Z a–z 0–9 . _ -, beginning with a letter or digit. */
export const SkuCodec = textCodec<Sku>('sku', (text) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text));
export const LocationIdCodec = textCodec<LocationId>('location id', (text) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text),
);
/** 1–64 of A–Z a–z 0–9 . _ - */
export const MerchantOrderNoCodec = textCodec<MerchantOrderNo>('merchant order number', (text) =>
  /^[A-Za-z0-9._-]{1,64}$/.test(text),
);
