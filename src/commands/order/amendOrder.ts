import * as E from 'fp-ts/lib/Either.js';
import { majorUnits } from '../../domain/kernel/currency.js';
import type { AmendmentId, OrderId } from '../../domain/kernel/ids.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import {
  type AmendmentState,
  askedAmendment,
  type By,
  type ExistingOrder,
  type LineQuantity,
  type Order,
  order,
  type OrderCommand,
  type OrderLine,
  type OrderRejection,
  wasAmended,
} from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { addedLineIdOf, amendmentIdOf } from '../identity.js';
import type { PersonalData } from '../ports/personalData.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type PricingDependencies, priceWanted } from './priceWanted.js';
import { nextPayments } from './requestPayment.js';
import { sealNotes } from './sealNotes.js';

export interface AmendOrderInput {
  /** Articles and quantities, never a price: they cost what they cost now. */
  readonly add: PlaceOrderInput['lines'];
  readonly drop: readonly LineQuantity[];
  readonly settlement: 'refund' | 'none';
  readonly by: By;
  /** Names the amendment, so that a repeat is the same one. */
  readonly idempotencyKey: string;
  /** Only say what would become of it. */
  readonly dryRun: boolean;
}

/** The order, with the amendment that was asked for: carried out, or waiting for its stock, or declined. */
export interface Amending {
  readonly state: ExistingOrder;
  readonly revision: number;
  /** Undefined: it had not to wait, and is carried out. */
  readonly asked: AmendmentState | undefined;
  /** The same request asked for it before. */
  readonly wasThere: boolean;
  /** The commit position of what was written; null where nothing was. */
  readonly position: bigint | null;
}
export type AmendOrderOutcome = E.Either<PlaceOrderRejection, Amending>;

/**
 * Lets lines of a confirmed order come and go. What comes and has to be in stock is asked for there first; the order says
 * afterwards what came of it. An amendment that was asked for before is found again, whatever If-Match says.
 * @throws StoreUnavailable; DatabaseUnavailable where the catalogue must be asked, or a key kept
 */
export async function amendOrder(
  deps: PricingDependencies & { readonly executor: Executor; readonly personalData: PersonalData },
  id: OrderId,
  input: AmendOrderInput,
  context: CommandContext,
): Promise<AmendOrderOutcome> {
  const stream = orderStream(id);
  const amendmentId = amendmentIdOf(id, input.idempotencyKey);
  const { state, revision } = await deps.executor.load(order, stream, { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  const asked = askedAmendment(state, amendmentId);
  if (asked !== undefined || wasAmended(state, amendmentId)) {
    return E.right({ state, revision, asked, wasThere: true, position: null });
  }
  if (typeof context.ifMatch === 'number' && context.ifMatch !== revision) {
    return E.left({ _tag: 'RevisionMismatch', current: revision });
  }
  const add = await priceAdded(deps, state, amendmentId, input, context.at);
  if (E.isLeft(add)) return add;
  const { drop, settlement, by } = input;
  const { maximumTotal } = await deps.settings.now();
  const { currency } = state.details.total;
  const command: Extract<OrderCommand, { type: 'AmendOrder' }> = {
    type: 'AmendOrder',
    amendmentId,
    // only what is to be kept is sealed
    add: input.dryRun ? add.right : await sealNotes(deps.personalData, id, add.right, input.add),
    drop,
    settlement,
    by,
    at: context.at,
    payments: nextPayments(id, state, context.at),
    maximum: { amount: majorUnits(maximumTotal, currency), currency },
  };
  if (input.dryRun) {
    const preview = previewed(command, state);
    return E.isLeft(preview)
      ? preview
      : E.right({ state: preview.right, revision, asked: undefined, wasThere: false, position: null });
  }
  const outcome = await deps.executor.execute(order, stream, command, context);
  if (E.isLeft(outcome)) return outcome;
  const after = outcome.right.state as ExistingOrder;
  return E.right({
    state: after,
    revision: outcome.right.revision,
    asked: askedAmendment(after, amendmentId),
    wasThere: outcome.right.events.length === 0,
    position: outcome.right.position,
  });
}

/** The order as it would be if all of it were in stock. */
function previewed(
  command: Extract<OrderCommand, { type: 'AmendOrder' }>,
  state: ExistingOrder,
): E.Either<OrderRejection, ExistingOrder> {
  const { amendmentId, add, payments } = command;
  const after = carriedOut(command, state);
  if (E.isLeft(after) || askedAmendment(after.right, amendmentId) === undefined) return after;
  const reserved = add.map(({ lineId }) => lineId);
  return carriedOut({ type: 'SettleAmendment', amendmentId, reserved, payments }, after.right);
}

const carriedOut = (command: OrderCommand, state: ExistingOrder): E.Either<OrderRejection, ExistingOrder> => {
  const decision = order.decide(command, state);
  return E.isLeft(decision) ? decision : E.right(decision.right.reduce<Order>(order.evolve, state) as ExistingOrder);
};

/** What comes on top, at today's prices, for when the order is promised as far as that is still to come. */
async function priceAdded(
  deps: PricingDependencies,
  { details: { locationId, mode, taxInclusive }, promisedAt }: ExistingOrder,
  amendmentId: AmendmentId,
  { add }: AmendOrderInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, readonly OrderLine[]>> {
  if (add.length === 0) return E.right([]);
  const wish = await priceWanted(
    deps,
    { locationId, mode, lines: add, ...(promisedAt === undefined || promisedAt <= at ? {} : { promisedAt }) },
    at,
    (ordinal) => addedLineIdOf(amendmentId, ordinal),
    // an order is taxed in one way from beginning to end, and comes in one bag
    { taxInclusive, deliveryZones: [] },
  );
  return E.isLeft(wish) ? wish : E.right(wish.right.priced.lines);
}
