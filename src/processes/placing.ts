import { paymentIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import {
  type ExistingOrder,
  isDead,
  openQty,
  order,
  type OrderCommand,
  type OrderRejection,
  type Shortage,
} from '../domain/order/index.js';
import { orderStream } from '../domain/kernel/streams.js';
import type { Folds } from '../subscriptions/contract.js';
import { commandOutcome, type Outcome, type Refused } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import type { Related } from './engine/related.js';
import { type CommandStep, type Step, toOrder } from './engine/step.js';
import { settleStock, type WaitingAmendment, waitingAmendment } from './amendmentStock.js';
import {
  type Line,
  orderAt,
  type OrderDetails,
  orderIdIn,
  release,
  type ReleaseReason,
  reservationOf,
  stepName,
  trackedLines,
} from './orderLines.js';
import { freeUnits, reserve, shortageOf } from './shortages.js';
import { addMinutes } from './time.js';

/** An order to be placed, and how long somebody has to decide on it where something is short. */
export interface Placing {
  readonly details: OrderDetails;
  readonly shortageDecisionMinutes: number;
}

const WANTED: ReadonlySet<string> = new Set([
  'OrderPlaced',
  'OrderHoldResolved',
  'OrderRejected',
  'OrderExpired',
  'AmendmentRequested',
]);

/**
 * Placing: reserves the stock of a placed order, all its items side by side, all or nothing, and tells the order how it went. The
 * rejection names every item that is short. The order's word is stored before anything is given back; whatever happens in
 * between, an order that ends rejected or expired releases every reservation that its lines could ever have. What an amendment
 * brings is reserved here as well, for it wants the same things: see {@link settleStock}.
 *
 * Nobody waits for an item while holding another, so there is no deadlock. And of two orders for the same scarce things one gets
 * all: one process at a time runs this (by its lease), and the commands of one order enter the queues of all their items in one
 * turn, so that two orders stand in the same order in every queue. Only a store that fails between two items can leave each
 * with a part; then both may be refused, and both give back what they have.
 */
export const placing: ProcessManager<Placing | WaitingAmendment | undefined> = {
  name: 'placing',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (recorded, folds, related) => {
    const { event } = recorded;
    if (event.type === 'AmendmentRequested') {
      return waitingAmendment(orderIdIn(recorded), event.data.amendmentId, related);
    }
    const details = await toPlace(recorded, folds, related);
    const { shortageDecisionMinutes } = await related.settings();
    return details && { details, shortageDecisionMinutes };
  },
  react: ({ event }, state) => {
    if (state === undefined) return [];
    if ('amendmentId' in state) return settleStock(state, []);
    const { details } = state;
    const lines = trackedLines(details);
    switch (event.type) {
      case 'OrderPlaced':
      case 'OrderHoldResolved':
        return details.gates.stock === 'required' ? settlePlaced(state, []) : [];
      case 'OrderRejected':
        return release(details, lines, 'rejected');
      case 'OrderExpired':
        return release(details, lines, 'expired');
      default:
        return [];
    }
  },
  settle: ({ event }: RecordedEvent, state, outcomes) => {
    if (state === undefined) return [];
    if ('amendmentId' in state) return settleStock(state, outcomes);
    return event.type === 'OrderPlaced' || event.type === 'OrderHoldResolved' ? settlePlaced(state, outcomes) : [];
  },
};

/** The order with the lines that something is to be done about; undefined where nothing is. */
async function toPlace(event: RecordedEvent, folds: Folds, related: Related): Promise<OrderDetails | undefined> {
  const placed = event.event;
  if (placed.type === 'OrderHoldResolved') return stillToReserve(await orderAt(event, folds));
  if (placed.type !== 'OrderPlaced') return (await orderAt(event, folds)).details;
  // handled again long after, it must not reserve anew: a stock item remembers finished reservations only for a while
  const now = await related.known(order, orderStream(placed.data.orderId));
  return now.status !== 'none' && (isDead(now) || now.gates.stock === 'secured') ? undefined : placed.data;
}

/** A held order that goes on may ask for its stock anew, without the lines that were dropped. */
function stillToReserve({ status, gates, details, lines }: ExistingOrder): OrderDetails | undefined {
  if (status !== 'placed' || gates.stock !== 'pending') return undefined;
  const open = lines.map((line) => ({ ...line, qty: openQty(line) })).filter(({ qty }) => qty > 0);
  return { ...details, lines: open };
}

function settlePlaced(state: Placing, outcomes: readonly Outcome[]): readonly Step[] {
  const { details } = state;
  const lines = trackedLines(details);
  const reserved: Line[] = [];
  const refused: { readonly line: Line; readonly refusal: Refused }[] = [];
  let settledAt = details.placedAt;
  for (const line of lines) {
    const outcome = commandOutcome(outcomes, stepName('reserve', line));
    // issued together, so where one has no outcome yet, none has
    if (outcome === undefined) return lines.map((each) => reserve(details, each));
    if (outcome.result === 'refused') refused.push({ line, refusal: outcome });
    else reserved.push(line);
    if (outcome.at > settledAt) settledAt = outcome.at;
  }
  if (refused.length > 0) return settleRefusal(state, reserved, refused, settledAt, outcomes);
  const told = commandOutcome(outcomes, 'secured');
  if (told === undefined) return [secured(details, lines, settledAt)];
  if (told.result === 'accepted') return [];
  return unlessReleased(release(details, lines, howItEnded(told)), outcomes);
}

function settleRefusal(
  { details, shortageDecisionMinutes }: Placing,
  reserved: readonly Line[],
  refused: readonly { readonly line: Line; readonly refusal: Refused }[],
  at: string,
  outcomes: readonly Outcome[],
): readonly Step[] {
  const shortages: Shortage[] = [];
  for (const { line, refusal } of refused) {
    const available = freeUnits(refusal);
    // Released before it was made. Either the order has ended, and whoever handles its end releases the rest. Or the line was called off
    // while the order was held: what goes on asks for the rest anew, so that this stays what it is, for a reservation is released for good.
    if (available === undefined) return [];
    shortages.push(shortageOf(line, available));
  }
  if (commandOutcome(outcomes, 'short') === undefined) {
    const decideBy = addMinutes(at, shortageDecisionMinutes);
    return [toOrder(details.orderId, 'short', { type: 'RecordStockShort', shortages, decideBy })];
  }
  // a held order keeps what it has: somebody decides whether it goes on without the rest
  if (details.onShortage === 'hold') return [];
  return unlessReleased(release(details, reserved, 'short'), outcomes);
}

function secured(details: OrderDetails, lines: readonly Line[], at: string): CommandStep {
  const command: OrderCommand = {
    type: 'RecordStockSecured',
    reservations: lines.map((line) => ({ lineId: line.lineId, reservationId: reservationOf(details, line) })),
    acceptance: {
      paymentId: paymentIdOf(details.orderId, 1),
      paymentDueAt: addMinutes(at, details.paymentWindowMinutes),
    },
  };
  return toOrder(details.orderId, 'secured', command);
}

/** The order refuses its stock because somebody ended it meanwhile; its refusal says how. */
function howItEnded({ rejection }: Refused): ReleaseReason {
  const refusal = rejection as OrderRejection;
  const status = refusal._tag === 'IllegalTransition' ? refusal.status : undefined;
  return status === 'rejected' || status === 'expired' ? status : 'cancelled';
}

const unlessReleased = (steps: readonly CommandStep[], outcomes: readonly Outcome[]): readonly CommandStep[] =>
  steps.filter(({ name }) => commandOutcome(outcomes, name) === undefined);
