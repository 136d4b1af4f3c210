import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../commands/executor/contract.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import {
  payment,
  type Payment,
  type PaymentEvent,
  type PaymentView,
  representPayment,
} from '../../domain/payment/index.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Outcome } from '../http/route.js';
import { found, viewOrFold } from '../http/singles.js';
import { problemOfCommand, type Refusal } from '../problemDetails.js';

/** The payment from its view, or folded where that has none (yet). */
export const paymentOf = (deps: ApiDependencies, id: PaymentId): Promise<PaymentView | undefined> =>
  viewOrFold(
    deps.log,
    () => deps.payments.paymentById(id),
    () => paymentNow(deps, id),
  );

/** The payment as its stream has it this moment. */
export async function paymentNow({ executor }: ApiDependencies, id: PaymentId): Promise<PaymentView | undefined> {
  const { state, revision } = await executor.load(payment, paymentStream(id), { fresh: true });
  return representPayment(state, revision);
}

/** What became of a command to a payment, as an answer. */
export function shownPayment(
  id: PaymentId,
  outcome: E.Either<Refusal, Committed<Payment, PaymentEvent>>,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: Record<string, string> } = {},
): Outcome {
  if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'payment', id }));
  const { state, revision, events } = outcome.right;
  const shown = found(representPayment(state, revision), 'payment', `payment ${id}`, headers);
  if (E.isLeft(shown)) return shown;
  return E.right({ ...shown.right, status, ...(events.length > 0 ? {} : { nothingNew: 'by-state' }) });
}
