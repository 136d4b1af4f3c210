import type { RecordedEvent } from '../../domain/events.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { equals, type Money } from '../../domain/kernel/money.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { otherMoneyOf, type OtherMoney, payment, type Payment } from '../../domain/payment/index.js';
import { isCounted, isGone, refundGone } from './refundsGone.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import type { BookedCharge, BookedRefund, ProviderBooks } from '../ports/providerBooks.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { missingOfRefund, missingOfSession } from './money.js';

export interface DayBookParts {
  readonly books: Pick<ProviderBooks, 'charges' | 'refunds' | 'refundsOf' | 'sessions'>;
  readonly leftovers: Pick<Leftovers, 'paymentsBetween'>;
  readonly related: Related;
  readonly history: History;
}

/** From its beginning on and until before its end; RFC 3339, UTC. */
export interface Day {
  readonly begins: string;
  readonly ends: string;
}

interface Tally {
  readonly count: number;
  /** Minor units. */
  readonly amount: number;
}

/** What moved in one currency, as the provider has it and as our payments have it. */
export interface BookRow {
  readonly currency: string;
  readonly what: 'payments' | 'refunds';
  readonly provider: Tally;
  readonly ours: Tally;
}

export interface DayBook {
  /** By currency, payments before refunds. */
  readonly rows: readonly BookRow[];
  readonly findings: readonly Finding[];
}

/** What is told late was charged at most so long before: a bank takes a week. */
const TOLD_LATE_MS = 8 * 24 * 60 * 60_000;
/** By so much the provider's clock may be ahead of ours. */
const CLOCKS_APART_MS = 60 * 60_000;
const NOTHING: Tally = { count: 0, amount: 0 };

/**
 * The payments and refunds of one day: what the provider has of it against what our payments recorded of the very same, whenever
 * they were told; and what they recorded on that day and the provider has nowhere. The day is the one on which the provider made the
 * charge or the refund. Refunds that failed moved nothing: one that our payment still takes for gone counts on our side alone.
 * Changes nothing.
 * @throws what the provider, the store and the database throw
 */
export async function dayBook(parts: DayBookParts, day: Day): Promise<DayBook> {
  const reckoning = new Reckoning();
  const known = {
    intents: await chargesOf(parts, day, reckoning),
    refunds: await refundsOf(parts, day, reckoning),
  };
  for (const paymentId of await parts.leftovers.paymentsBetween(told(day), day.ends)) {
    const [state, history] = [await stateOf(parts, paymentId), await parts.history(paymentStream(paymentId))];
    for (const recorded of history) {
      if (recorded.meta.at >= day.begins && recorded.meta.at < day.ends)
        await unbooked(recorded, paymentId, state, known, parts, reckoning);
    }
  }
  return reckoning.result();
}

const told = ({ begins }: Day): string => addMilliseconds(begins, -TOLD_LATE_MS);
const ahead = ({ ends }: Day): string => addMilliseconds(ends, CLOCKS_APART_MS);

const stateOf = ({ related }: DayBookParts, id: PaymentId): Promise<Payment> =>
  related.latest(payment, paymentStream(id));

/** @returns the intents that the provider knows of that day and around it */
async function chargesOf(parts: DayBookParts, day: Day, reckoning: Reckoning): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  const missing = new Map<string, BookedCharge>();
  for await (const charge of parts.books.charges(told(day), ahead(day))) {
    const { paymentId, intentId, amount, at } = charge;
    known.add(intentId);
    if (at < day.begins || at >= day.ends) continue;
    reckoning.add('payments', 'provider', amount);
    const state = await stateOf(parts, paymentId);
    const came = cameBy(state, intentId);
    if (came) reckoning.add('payments', 'ours', came);
    if (came && equals(came, amount)) continue;
    const other = otherIn(state, intentId);
    if (other && equals(other.actual, amount)) reckoning.find(undecided(charge, other));
    else missing.set(intentId, charge);
  }
  if (missing.size === 0) return known;
  for await (const session of parts.books.sessions(told(day))) {
    const { intentId } = session.observation;
    if (intentId === undefined || !missing.has(intentId)) continue;
    const found = missingOfSession(session, await stateOf(parts, session.paymentId));
    if (found.length > 0) missing.delete(intentId);
    reckoning.find(...found);
  }
  for (const { paymentId, chargeId, intentId } of missing.values()) {
    reckoning.find({
      key: `charge ${chargeId}`,
      about: { paymentId },
      text: `the provider took the money of ${intentId} by ${chargeId}, and the payment did not count it`,
    });
  }
  return known;
}

/** @returns the refunds, by the provider's ids, that the provider knows of that day and around it */
async function refundsOf(parts: DayBookParts, day: Day, reckoning: Reckoning): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for await (const refund of parts.books.refunds(told(day), day.begins)) known.add(nameOf(refund));
  for await (const refund of parts.books.refunds(day.ends, ahead(day))) known.add(nameOf(refund));
  for await (const refund of parts.books.refunds(day.begins, day.ends)) {
    known.add(nameOf(refund));
    const moved = refund.status !== 'failed' && refund.status !== 'canceled';
    if (moved) reckoning.add('refunds', 'provider', refund.amount);
    const state = await stateOf(parts, refund.paymentId);
    const missing = missingOfRefund(refund, state);
    reckoning.find(...missing);
    const counts = moved ? missing.length === 0 && isCounted(refund, state) : isGone(refund, state);
    if (counts) reckoning.add('refunds', 'ours', refund.amount);
    else if (moved && missing.length === 0) reckoning.find(givenUp(refund));
  }
  return known;
}

/** What no word of the provider changes any more: a refund that is over here for good, and all the same was made. */
const givenUp = ({ paymentId, refundId, providerRefundId = '' }: BookedRefund): Finding => ({
  key: `refund ${providerRefundId} all the same`,
  about: { paymentId, ...(refundId === undefined ? {} : { refundId }) },
  text: `the provider made refund ${providerRefundId}, and the payment has given it up`,
});

const nameOf = ({ providerRefundId = '' }: BookedRefund): string => providerRefundId;

/**
 * What a payment says that came: captured, or as much of another amount than was asked for as it is known of that it goes, or went,
 * back.
 */
function cameBy(state: Payment, intentId: string): Money | undefined {
  if (state.status === 'none') return undefined;
  const captured = state.captures.find((one) => one.intentId === intentId);
  if (captured) return captured.amount;
  const other = otherIn(state, intentId);
  if (other?.state !== 'waits') return other?.actual;
  const gone = other.actual.amount - other.left;
  return gone > 0 ? { ...other.actual, amount: gone } : undefined;
}

const otherIn = (state: Payment, intentId: string): OtherMoney | undefined =>
  state.status === 'none' ? undefined : otherMoneyOf(state).find((one) => one.intentId === intentId);

/** What nobody has decided on yet is on the provider's side alone. */
const undecided = (
  { paymentId, chargeId, intentId }: BookedCharge,
  { expected, actual, left }: OtherMoney,
): Finding => ({
  key: `charge ${chargeId}`,
  about: { paymentId },
  text:
    `${actual.amount} minor units of ${actual.currency} came by ${intentId} where ${expected.amount} of ${expected.currency} ` +
    `were asked for${left < actual.amount ? `, and ${left} of them are left` : ''}: ` +
    'it counts once somebody accepts it, and goes back once its order is over, or somebody rejects it',
});

/** Money that a payment recorded, and that the provider has nowhere. */
async function unbooked(
  { event, meta, id }: RecordedEvent,
  paymentId: PaymentId,
  state: Payment,
  known: { readonly intents: ReadonlySet<string>; readonly refunds: ReadonlySet<string> },
  { books }: DayBookParts,
  reckoning: Reckoning,
): Promise<void> {
  const only = (what: BookRow['what'], amount: Money, name: string): void => {
    reckoning.add(what, 'ours', amount);
    reckoning.find({
      key: `unbooked ${id}`,
      about: { paymentId },
      text: `the payment recorded ${name} at ${meta.at}, and the provider has none of it`,
    });
  };
  // what somebody accepted came before that, maybe long before
  const wasTold = event.type === 'PaymentCaptured' && otherIn(state, event.data.intentId) !== undefined;
  if (event.type === 'PaymentCaptured' && !wasTold && !known.intents.has(event.data.intentId)) {
    only('payments', event.data.amount, `the money of ${event.data.intentId}`);
  }
  const gone = refundGone(event, state);
  if (gone === undefined || known.refunds.has(gone.providerRefundId)) return;
  // a bank may take longer than the lists reach back
  const ofIntent = gone.intentId === undefined ? [] : await books.refundsOf(paymentId, gone.intentId);
  if (!ofIntent.some((one) => nameOf(one) === gone.providerRefundId))
    only('refunds', gone.amount, `refund ${gone.name}`);
}

/** Adds up both sides. */
class Reckoning {
  readonly #rows = new Map<string, BookRow>();
  readonly #findings: Finding[] = [];

  add(what: BookRow['what'], side: 'provider' | 'ours', { amount, currency }: Money): void {
    const key = `${currency} ${what}`;
    const row = this.#rows.get(key) ?? { currency, what, provider: NOTHING, ours: NOTHING };
    const tally = { count: row[side].count + 1, amount: row[side].amount + amount };
    this.#rows.set(key, { ...row, [side]: tally });
  }

  find(...findings: readonly Finding[]): void {
    this.#findings.push(...findings);
  }

  result(): DayBook {
    const rows = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    return { rows, findings: this.#findings };
  }
}
