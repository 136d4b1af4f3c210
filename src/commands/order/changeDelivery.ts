import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import type { PersonalFields } from '../../domain/kernel/person.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type OrderingRejection, whyNotThen, whyNotThere } from '../../domain/location/index.js';
import { type By, order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { PersonalData } from '../ports/personalData.js';
import type { OrderOutcome } from './cancelOrder.js';

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
 * Sends an order to somebody else, or elsewhere where anything is brought, or at another time at which somebody is there, until
 * something of it has left.
 * @throws StoreUnavailable; DatabaseUnavailable where a person's key must be kept
 */
export async function changeDelivery(
  { executor, personalData, catalogue }: ChangeDeliveryDependencies,
  id: OrderId,
  { contact, address, promisedAt, by }: ChangeDeliveryInput,
  context: CommandContext,
): Promise<OrderOutcome<OrderingRejection>> {
  // nobody gets a key for an order that does not exist
  const { state } = await executor.load(order, orderStream(id), { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  const { locationId, mode } = state.details;
  const location = await catalogue.location(locationId);
  const refusal =
    location &&
    ((promisedAt !== undefined ? whyNotThen(location, { mode, at: context.at, promisedAt }) : undefined) ??
      (address && whyNotThere(location, mode, address)));
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
