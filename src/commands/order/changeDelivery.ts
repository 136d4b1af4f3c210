import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import type { Address, PersonalFields } from '../../domain/kernel/person.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import {
  type AddressNotServed,
  type Location,
  type OrderingRejection,
  whyNoFee,
  whyNotThere,
  zoneOf,
} from '../../domain/location/index.js';
import { type By, type ExistingOrder, order } from '../../domain/order/index.js';
import { bringingTo, menuPrice } from '../../domain/pricing/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { PersonalData } from '../ports/personalData.js';
import type { OrderOutcome } from './cancelOrder.js';
import { whyNotThen } from './anotherTime.js';
import type { KitchenFull } from './placeOrderRejection.js';

export interface ChangeDeliveryDependencies {
  readonly executor: Executor;
  readonly personalData: PersonalData;
  readonly catalogue: Catalogue;
}

/** What is absent stays as it is. */
export interface ChangeDeliveryInput extends Partial<Pick<PersonalFields, 'contact' | 'address'>> {
  /** RFC 3339, UTC, milliseconds. */
  readonly promisedAt?: string;
  readonly by: By;
}

/**
 * Sends an order to somebody else, or elsewhere where anything is brought, or at another time, until something of it has left.
 * Another time is asked for as that of a new order would be: somebody is there then, orders are taken, and the kitchen has room,
 * unless it has begun already.
 * @throws StoreUnavailable; DatabaseUnavailable where a person's key must be kept
 */
export async function changeDelivery(
  { executor, personalData, catalogue }: ChangeDeliveryDependencies,
  id: OrderId,
  { contact, address, promisedAt, by }: ChangeDeliveryInput,
  context: CommandContext,
): Promise<OrderOutcome<OrderingRejection | KitchenFull>> {
  // nobody gets a key for an order that does not exist
  const { state } = await executor.load(order, orderStream(id), { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  const { locationId, mode } = state.details;
  const location = await catalogue.location(locationId);
  // the time that it has already, it keeps: who says it again, asks for nothing
  const moved = promisedAt === state.promisedAt ? undefined : promisedAt;
  const refusal =
    location &&
    ((moved === undefined
      ? undefined
      : await whyNotThen(executor, location, state, { type: 'ChangeDelivery', promisedAt: moved, by }, context.at)) ??
      (address &&
        (whyNotThere(location, mode, address) ??
          whyNoFee(location, mode, address) ??
          whyNotForThis(state, location, address, by))));
  if (refusal) return E.left(refusal);
  return executor.execute(
    order,
    orderStream(id),
    {
      type: 'ChangeDelivery',
      by,
      ...(contact === undefined ? {} : { contact: await personalData.seal(id, 'contact', contact) }),
      ...(address === undefined ? {} : { address: await personalData.seal(id, 'address', address) }),
      ...(promisedAt === undefined ? {} : { promisedAt }),
    },
    context,
  );
}

/** An order keeps its price, so that it goes nowhere where bringing it costs more, unless the staff takes it there. */
function whyNotForThis(
  { details: { mode, deliveryFee, lines, placedAt } }: ExistingOrder,
  location: Location,
  address: Address,
  by: By,
): AddressNotServed | undefined {
  const zone = mode === 'delivery' && by !== 'staff' ? zoneOf(location, address) : undefined;
  const there = zone && bringingTo(zone, menuPrice(lines, deliveryFee.currency), location, { mode, at: placedAt });
  return there !== undefined && there.fee.amount > deliveryFee.amount
    ? { _tag: 'AddressNotServed', why: 'costs-more' }
    : undefined;
}
