import * as E from 'fp-ts/lib/Either.js';
import { majorUnits } from '../../domain/kernel/currency.js';
import type { AmendmentId, OrderId } from '../../domain/kernel/ids.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type By, type ExistingOrder, type LineQuantity, order, type OrderCommand } from '../../domain/order/index.js';
import type { OrderLine } from '../../domain/order/commands.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { addedLineIdOf, amendmentIdOf } from '../identity.js';
import type { PersonalData } from '../ports/personalData.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type PricingDependencies, priceWanted } from './priceWanted.js';
import { additionalPayment } from './requestPayment.js';
import { sealNotes } from './sealNotes.js';

export interface AmendOrderInput {
  /** Articles and quantities, never a price: they cost what they cost now. */
  readonly add: PlaceOrderInput['lines'];
  readonly drop: readonly LineQuantity[];
  readonly settlement: 'refund' | 'none';
  readonly by: By;
  /** Names the amendment, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
  /** Only say what would become of it. */
  readonly dryRun: boolean;
}

export type AmendOrderOutcome = E.Either<
  PlaceOrderRejection,
  { readonly state: ExistingOrder; readonly revision: number }
>;

/**
 * Lets lines of a confirmed order come and go. An amendment that was made before is found again, whatever If-Match says.
 * @throws StoreUnavailable; DatabaseUnavailable where the catalogue must be asked, or a key kept
 */
export async function amendOrder(
  deps: PricingDependencies & { readonly executor: Executor; readonly personalData: PersonalData },
  id: OrderId,
  input: AmendOrderInput,
  context: CommandContext,
): Promise<AmendOrderOutcome> {
  const stream = orderStream(id);
  const amendmentId = amendmentIdOf(id, input.idempotencyKey ?? context.commandId);
  const { state, revision } = await deps.executor.load(order, stream, { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  if (state.amendments?.some((one) => one.amendmentId === amendmentId)) return E.right({ state, revision });
  if (typeof context.ifMatch === 'number' && context.ifMatch !== revision) {
    return E.left({ _tag: 'RevisionMismatch', current: revision });
  }
  const add = await priceAdded(deps, state, amendmentId, input, context.at);
  if (E.isLeft(add)) return add;
  const { drop, settlement, by } = input;
  const { maximumTotal } = await deps.settings.now();
  const { currency } = state.details.total;
  const command: OrderCommand = {
    type: 'AmendOrder',
    amendmentId,
    // only what is to be kept is sealed
    add: input.dryRun ? add.right : await sealNotes(deps.personalData, id, add.right, input.add),
    drop,
    settlement,
    by,
    at: context.at,
    payment: additionalPayment(id, state, context.at),
    maximum: { amount: majorUnits(maximumTotal, currency), currency },
  };
  if (input.dryRun) {
    const decision = order.decide(command, state);
    return E.isLeft(decision)
      ? decision
      : E.right({ state: decision.right.reduce(order.evolve, state) as ExistingOrder, revision });
  }
  const outcome = await deps.executor.execute(order, stream, command, context);
  return E.isLeft(outcome)
    ? outcome
    : E.right({ state: outcome.right.state as ExistingOrder, revision: outcome.right.revision });
}

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
    // an order is taxed in one way from beginning to end
    { taxInclusive },
  );
  return E.isLeft(wish) ? wish : E.right(wish.right.priced.lines);
}
