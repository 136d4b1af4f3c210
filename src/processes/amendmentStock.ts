import { nextPayments } from '../commands/order/requestPayment.js';
import type { AmendmentId, LineId, OrderId } from '../domain/kernel/ids.js';
import { orderStream } from '../domain/kernel/streams.js';
import {
  askedAmendment,
  type ExistingOrder,
  order,
  type OrderRejection,
  type Shortage,
} from '../domain/order/index.js';
import { commandOutcome, type Outcome, type Refused } from './engine/outcome.js';
import type { Related } from './engine/related.js';
import { type CommandStep, type Step, toOrder } from './engine/step.js';
import { carriedOver } from './exchanging.js';
import { type Line, type OrderDetails, release, stepName, trackedLines } from './orderLines.js';
import { freeUnits, reserve, shortageOf, textOf } from './shortages.js';

/** An amendment that waits for the stock of what comes. */
export interface WaitingAmendment {
  readonly amendmentId: AmendmentId;
  /** As the order stood when this began: somebody may have been here before. */
  readonly order: ExistingOrder;
  /** The order with the lines that are to come, and no other. */
  readonly details: OrderDetails;
}

/** @returns undefined where nothing is to be done about it any more: it was carried out */
export async function waitingAmendment(
  id: OrderId,
  amendmentId: AmendmentId,
  related: Related,
): Promise<WaitingAmendment | undefined> {
  const now = await related.latest(order, orderStream(id));
  if (now.status === 'none') return undefined;
  const asked = askedAmendment(now, amendmentId);
  // handled again long after, it must not reserve anew: a stock item remembers finished reservations only for a while
  if (asked === undefined || asked.state === 'done') return undefined;
  return { amendmentId, order: now, details: { ...now.details, lines: asked.add } };
}

/** Which units are carried over for each line that comes. */
const carriedBy = ({ amendmentId, order: its }: WaitingAmendment): ReturnType<typeof carriedOver> => {
  const asked = askedAmendment(its, amendmentId);
  return asked === undefined ? new Map<LineId, never>() : carriedOver(its, asked);
};

/**
 * The stock of what an amendment brings: all of it side by side, all or nothing, and then the order's word. What is exchanged for
 * itself keeps the units that it has: they are carried over. What the order does not carry out it declines, and only then everything
 * is given back that could ever have been set aside: whatever happens in between, an amendment that was declined holds nothing, and
 * one that was carried out keeps all. What was carried over goes back to where it came from: see {@link carryBack}.
 */
export function settleStock(waiting: WaitingAmendment, outcomes: readonly Outcome[]): readonly Step[] {
  const { amendmentId, order: its, details } = waiting;
  const lines = trackedLines(details);
  const carried = carriedBy(waiting);
  // declined before this reaction was cut off
  if (askedAmendment(its, amendmentId)?.state === 'declined') return giveBack(waiting, lines, outcomes);
  const shortages: Shortage[] = [];
  let isShort = false;
  let settledAt = details.placedAt;
  for (const line of lines) {
    const outcome = commandOutcome(outcomes, stepName('reserve', line));
    // issued together, so where one has no outcome yet, none has
    if (outcome === undefined) return lines.map((each) => reserve(details, each, carried.get(each.lineId)));
    if (outcome.at > settledAt) settledAt = outcome.at;
    if (outcome.result === 'accepted') continue;
    isShort = true;
    const available = freeUnits(outcome);
    if (available !== undefined) shortages.push(shortageOf(line, available));
  }
  if (isShort) return decline(waiting, lines, shortCause(shortages), outcomes);
  const told = commandOutcome(outcomes, 'amend');
  if (told === undefined) return [carryOut(waiting, lines, settledAt)];
  return told.result === 'accepted' ? [] : decline(waiting, lines, { cause: causeOf(told) }, outcomes);
}

function carryOut(
  { amendmentId, order: its, details }: WaitingAmendment,
  lines: readonly Line[],
  at: string,
): CommandStep {
  const { orderId } = details;
  return toOrder(orderId, 'amend', {
    type: 'SettleAmendment',
    amendmentId,
    reserved: lines.map(({ lineId }) => lineId),
    payments: nextPayments(orderId, its, at),
  });
}

interface Why {
  readonly cause: string;
  readonly shortages?: readonly Shortage[];
}

function decline(
  waiting: WaitingAmendment,
  lines: readonly Line[],
  why: Why,
  outcomes: readonly Outcome[],
): readonly CommandStep[] {
  const { amendmentId, details } = waiting;
  const told = commandOutcome(outcomes, 'decline');
  if (told === undefined) {
    return [toOrder(details.orderId, 'decline', { type: 'DeclineAmendment', amendmentId, ...why })];
  }
  // carried out by somebody who found everything in stock: what is set aside is the order's by now
  if (told.result === 'refused') return [];
  return giveBack(waiting, lines, outcomes);
}

const giveBack = (
  waiting: WaitingAmendment,
  lines: readonly Line[],
  outcomes: readonly Outcome[],
): readonly CommandStep[] =>
  release(
    waiting.details,
    lines.filter(({ lineId }) => !carriedBy(waiting).has(lineId)),
    'short',
  ).filter(({ name }) => commandOutcome(outcomes, name) === undefined);

const shortCause = (shortages: readonly Shortage[]): Why =>
  shortages.length === 0 ? { cause: 'it is not in stock' } : { cause: shortages.map(textOf).join('; '), shortages };

/** The order has gone on meanwhile. */
function causeOf({ rejection }: Refused): string {
  const refusal = rejection as OrderRejection;
  switch (refusal._tag) {
    case 'LineAlreadyStarted':
      return 'what was to go is being made, or has gone';
    case 'QuantityNotAvailable':
      return 'what was to go is not there any more';
    default:
      return 'the order does not allow it any more';
  }
}
