import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';

const notNow = () => problem('illegal-transition', 'the present status does not allow it');

/** Asked by processes and consumers alone; no route leads here. */
export const internalProblems = {
  LinesNotReserved: notNow,
  PaymentNotAwaited: notNow,
  PaymentAlreadyClosed: notNow,
  SessionAlreadyOpen: notNow,
  ReservationClosed: notNow,
  EmptyTicket: notNow,
  EmptyShipment: notNow,
} satisfies ProblemsOf;
