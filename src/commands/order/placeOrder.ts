import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { orderIdOfKey } from '../identity.js';
import type { IdempotencyClaim } from '../ports/idempotencyClaims.js';
import type { PersonalData } from '../ports/personalData.js';
import { whyNoRoom } from './kitchenRoom.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type Placing, prepareOrder, type PrepareOrderDependencies } from './prepareOrder.js';
import type { RememberedClaims } from './rememberedClaims.js';
import type { Requester, RequestIdentity } from './requestIdentity.js';
import { sealNotes } from './sealNotes.js';

/** The order as it stands, new or placed by the same request before. */
export interface PlacedOrder {
  readonly order: ExistingOrder;
  readonly revision: number;
  readonly replayed: boolean;
  /** The commit position of its placing; null where it was placed before. */
  readonly position: bigint | null;
}

export interface PlaceOrderDependencies extends PrepareOrderDependencies {
  readonly executor: Executor;
  readonly claims: RememberedClaims;
  readonly personalData: PersonalData;
}

type Outcome = E.Either<PlaceOrderRejection, PlacedOrder>;

const ROUTE = 'POST /v1/orders';

/**
 * Places an order: prices it from the catalogue and appends it to a new stream, which is all that is on the way. A
 * request that placed its order before finds it again, whenever it is repeated and whatever things cost by then. Stock is
 * not asked: whether an item is there is decided by its stream, afterwards and once.
 *
 * With a merchantOrderNo the stream is not named by the key, so the key is claimed first, and free again where nothing was
 * placed. A key that came with a number
 * and then comes without one is refused as far as this process remembers it: to ask anybody else would take a read.
 * Of a person the order says nothing in clear: their data is sealed under a key that is kept before the append.
 * @throws StoreUnavailable; DatabaseUnavailable where a key must be claimed, or kept
 */
export async function placeOrder(
  deps: PlaceOrderDependencies,
  requester: Requester,
  identity: RequestIdentity,
  input: PlaceOrderInput,
  context: CommandContext,
): Promise<Outcome> {
  const prepared = await prepareOrder(deps, requester, identity.orderId, input, context.at);
  const full = E.isRight(prepared)
    ? await whyNoRoom(deps.executor, { ...prepared.right.order, at: context.at })
    : undefined;
  const command = full ? E.left(full) : prepared;
  // refused before the key is claimed: a request that placed nothing leaves its key free
  const refusal = E.isLeft(command) ? command : order.decide(command.right, order.initial);
  if (E.isLeft(command) || E.isLeft(refusal)) {
    // what is refused now may have been placed before the catalogue changed
    return (await findPlaced(deps.executor, identity)) ?? E.left((refusal as E.Left<PlaceOrderRejection>).left);
  }
  const { orderId, keyHash, bodyHash } = identity;
  if (input.merchantOrderNo !== undefined) {
    if (!(await keyIsFree(deps, requester, identity))) return E.left({ _tag: 'IdempotencyKeyReused' });
  } else if (deps.claims.remembers({ principal: requester.principal, route: ROUTE, keyHash })) {
    // somebody came with this key and a number; the key is still this request's if its order was there first
    return (await findPlaced(deps.executor, identity)) ?? E.left({ _tag: 'IdempotencyKeyReused' });
  }
  const sealed = await sealPerson(deps.personalData, orderId, command.right, input);
  const outcome = await deps.executor.execute(order, orderStream(orderId), sealed, {
    ...context,
    location: input.locationId,
    keyHash,
    bodyHash,
    creates: true,
  });
  if (E.isLeft(outcome)) {
    const existing = outcome.left._tag === 'AlreadyExists' ? await findPlaced(deps.executor, identity) : undefined;
    const answer = existing ?? outcome;
    if (E.isLeft(answer) && input.merchantOrderNo !== undefined) await leaveFree(deps, requester, identity);
    return answer;
  }
  const { state, revision, position } = outcome.right;
  if (state.status === 'none') throw new Error(`${orderId} was placed and is not there`);
  return E.right({ order: state, revision, replayed: false, position });
}

/** Until somebody has an account, everybody is the guest of one order and has a key for it. */
async function sealPerson(
  personalData: PersonalData,
  orderId: OrderId,
  command: Placing,
  { contact, address, note, lines: wanted }: PlaceOrderInput,
): Promise<Placing> {
  const noted = note !== undefined || wanted.some((line) => line.note !== undefined);
  if (contact === undefined && address === undefined && !noted) return command;
  const sealed = {
    ...(contact === undefined ? {} : { contact: await personalData.seal(orderId, 'contact', contact) }),
    ...(address === undefined ? {} : { address: await personalData.seal(orderId, 'address', address) }),
    ...(note === undefined ? {} : { note: await personalData.seal(orderId, 'note', note) }),
    lines: await sealNotes(personalData, orderId, command.order.lines, wanted),
  };
  return { ...command, order: { ...command.order, ...sealed } };
}

/** Whether this body may use the key: nobody came with it and another one, with or without a merchant's number. */
async function keyIsFree(
  deps: PlaceOrderDependencies,
  requester: Requester,
  identity: RequestIdentity,
): Promise<boolean> {
  const { principal, idempotencyKey } = requester;
  const [claim, named] = await Promise.all([
    deps.claims.claim(claimOf(requester, identity)),
    deps.executor.load(order, orderStream(orderIdOfKey(principal, idempotencyKey))),
  ]);
  if (claim !== 'other' && named.revision >= 0) await leaveFree(deps, requester, identity);
  return claim !== 'other' && named.revision < 0;
}

const claimOf = ({ principal }: Requester, { keyHash, bodyHash }: RequestIdentity): IdempotencyClaim => ({
  principal,
  route: ROUTE,
  keyHash,
  bodyHash,
});

/** Nothing was placed. The refusal stands, whether or not the database can be told: it only keeps the key for a day then. */
async function leaveFree({ claims }: PlaceOrderDependencies, requester: Requester, identity: RequestIdentity) {
  try {
    await claims.release(claimOf(requester, identity));
  } catch (error) {
    if (!(error instanceof Error && 'isSystemFault' in error)) throw error;
  }
}

/** The order that the request names, if there is one: the request's own, or proof that it is none. */
async function findPlaced(executor: Executor, identity: RequestIdentity): Promise<Outcome | undefined> {
  const { state, revision, first } = await executor.load(order, orderStream(identity.orderId), { fresh: true });
  if (state.status === 'none' || !first) return undefined;
  if (first.keyHash !== identity.keyHash) {
    return E.left({ _tag: 'DuplicateMerchantOrderNumber', existing: identity.orderId });
  }
  return first.bodyHash === identity.bodyHash
    ? E.right({ order: state, revision, replayed: true, position: null })
    : E.left({ _tag: 'IdempotencyKeyReused' });
}
