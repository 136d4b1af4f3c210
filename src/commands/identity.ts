import { hash, randomFillSync } from 'node:crypto';
import { parse, v7 } from 'uuid';
import {
  type AmendmentId,
  type CancellationId,
  type CheckId,
  formatId,
  type LineId,
  type LocationId,
  type MerchantOrderNo,
  type NoteId,
  type OrderId,
  type PaymentId,
  type RefundId,
  type ReservationId,
  type ReturnId,
  type ShipmentId,
  type TaskId,
  type TicketId,
  type TicketItemId,
} from '../domain/kernel/ids.js';
import type { Money } from '../domain/kernel/money.js';

/** The root of every derived id (RFC 9562, UUIDv5): random once, then fixed for ever. */
const NAMESPACE = Buffer.from(parse('5f0b1c1e-8d0a-4f63-9a39-6c1f7f6b2f0d'));

/** UUIDv5 (RFC 9562, 5.5) as the `uuid` library makes it, with Node's hash in one call: an order takes a dozen of them. */
function named(name: string): string {
  const digest = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((parseInt(digest.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  const [low, mid, high] = [digest.slice(0, 8), digest.slice(8, 12), digest.slice(13, 16)];
  return `${low}-${mid}-5${high}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
const derive = (...parts: readonly (string | number)[]): string => named(JSON.stringify(parts));

/** The order that a merchant's number names: the same number of one account is the same order. */
export const orderIdOfMerchantNumber = (account: string, merchantOrderNo: MerchantOrderNo): OrderId =>
  formatId('order', derive('order', account, 'mo', merchantOrderNo));
/** The order that an Idempotency-Key of one principal names. */
export const orderIdOfKey = (principal: string, idempotencyKey: string): OrderId =>
  formatId('order', derive('order', principal, 'ik', idempotencyKey));
export const lineIdOf = (order: OrderId, ordinal: number): LineId => formatId('line', derive('line', order, ordinal));
export const reservationIdOf = (order: OrderId, line: LineId): ReservationId =>
  formatId('reservation', derive('reservation', order, line));
/** The payment of an order; the first (ordinal 1) is the one that confirms it, or another one takes its place. */
export const paymentIdOf = (order: OrderId, ordinal: number): PaymentId =>
  formatId('payment', derive('payment', order, ordinal));
export const ticketIdOf = (order: OrderId, location: LocationId): TicketId =>
  formatId('ticket', derive('ticket', order, location));
export const ticketItemIdOf = (ticket: TicketId, line: LineId): TicketItemId =>
  formatId('ticketItem', derive('item', ticket, line));
export const cancellationIdOf = (order: OrderId, key: string): CancellationId =>
  formatId('cancellation', derive('cancellation', order, key));
export const shipmentIdOf = (order: OrderId, key: string): ShipmentId =>
  formatId('shipment', derive('shipment', order, key));
/** A wish for a label, as whoever asks for it names it. */
export const bookingIdOf = (shipment: ShipmentId, key: string): string => derive('booking', shipment, key);
export const amendmentIdOf = (order: OrderId, key: string): AmendmentId =>
  formatId('amendment', derive('amendment', order, key));
/** A line that an amendment brought; `ordinal` counts the amendment's lines from 0. */
export const addedLineIdOf = (amendment: AmendmentId, ordinal: number): LineId =>
  formatId('line', derive('line', amendment, ordinal));
/** The calling off of what an amendment brought and nobody can make or has. */
export const unmetIdOf = (order: OrderId, amendment: AmendmentId): CancellationId =>
  formatId('cancellation', derive('unmet', order, amendment));
/** Goods that came back at once, as whoever takes them names that. */
export const returnIdOf = (order: OrderId, key: string): ReturnId => formatId('return', derive('return', order, key));
/** A decision on a held order, as whoever makes it names it. */
export const resolutionIdOf = (order: OrderId, key: string): string => derive('resolution', order, key);
export const noteIdOf = (order: OrderId, key: string): NoteId => formatId('note', derive('note', order, key));
/** A receipt or transfer of a stock item, as whoever asks for it names it. */
export const movementIdOf = (stream: string, principal: string, key: string): string =>
  derive('movement', stream, principal, key);
/** The one check of an order that was placed. */
export const checkIdOf = (order: OrderId): CheckId => formatId('check', derive('check', order));
/** What stands for an answer that the check engine did not give: its own may still come. */
export const silenceIdOf = (order: OrderId): CheckId => formatId('check', derive('check', order, 'silence'));
/** The refund of one payment that one event asks for. */
export const refundIdOf = (payment: PaymentId, causingEventId: string): RefundId =>
  formatId('refund', derive('refund', payment, causingEventId));
/** The task that one cause opens: the same cause finds the task that is there. */
export const taskIdOf = (kind: string, ...cause: readonly (string | number)[]): TaskId =>
  formatId('task', derive('task', kind, ...cause));
/** The task to decide on so much that came by an intent of a payment, where that is another amount than was asked for. */
export const mismatchTaskIdOf = (payment: PaymentId, intentId: string, { amount, currency }: Money): TaskId =>
  taskIdOf('mismatch', payment, intentId, amount, currency);

const chance = new Uint8Array(16 * 256);
let unused = 0;
/** Sixteen random bytes. Asking the system costs as much for thousands of bytes as for these: more than all else of an id. */
function random(): Uint8Array {
  if (unused === 0) unused = randomFillSync(chance).length;
  unused -= 16;
  return chance.subarray(unused, unused + 16);
}

/** A fresh command id for an HTTP request: UUIDv7, kept through the executor's own retries only. */
export const freshCommandId = (): string => v7({ random: random() });
/** Whether a command id is one of {@link freshCommandId}: nobody can have issued the same command before. */
export const isFreshCommandId = (commandId: string): boolean => commandId[14] === '7';
/** The command id of a consumer's or process's step: the same cause, step and target give the same id. */
export const derivedCommandId = (issuer: string, causingId: string, step: string, targetStream: string): string =>
  derive('command', issuer, causingId, step, targetStream);
/**
 * The id of a command's event: a repeated append of one decision is recognised by the store, and nothing else is. Two processes
 * that carry out the same derived command side by side decide at different times; if their events had the same ids, the
 * store would confirm the second one's, which it does not hold, and that process would go on with what nobody else can read.
 *
 * @param index of the event among the command's, from 0
 * @param content everything else that is stored; a fresh command id needs none, since it belongs to one decision
 */
export const eventIdOf = (commandId: string, index: number, content: unknown): string =>
  named(isFreshCommandId(commandId) ? `${commandId}/${index}` : `${commandId}/${index}/${JSON.stringify(content)}`);
