import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { formatOrderNumber } from '../../domain/kernel/orderNumber.js';
import { businessDate, type Location } from '../../domain/location/index.js';
import type { OrderCommand } from '../../domain/order/index.js';
import { quoteOf } from '../../domain/pricing/index.js';
import { checkIdOf, lineIdOf, paymentIdOf } from '../identity.js';
import type { Customers } from '../ports/customers.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type PricingDependencies, priceWanted } from './priceWanted.js';
import type { Requester } from './requestIdentity.js';

export type Placing = Extract<OrderCommand, { type: 'PlaceOrder' }>;

export interface PrepareOrderDependencies extends PricingDependencies {
  /** Makes order numbers unguessable. */
  readonly secret: string | Buffer;
  /** Asked only where orders are checked. */
  readonly customers: Customers;
}

/**
 * Prices what is wanted and puts the command together, or says what is not to be had.
 * @param at now, RFC 3339
 */
export async function prepareOrder(
  deps: PrepareOrderDependencies,
  { account }: Requester,
  orderId: OrderId,
  input: PlaceOrderInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, Placing>> {
  const wish = await priceWanted(deps, input, at, (ordinal) => lineIdOf(orderId, ordinal));
  if (E.isLeft(wish)) return wish;
  const { location, priced, priceHash } = wish.right;
  const { mode, promisedAt, payLater = false } = input;
  if (payLater && location.payLater !== true) return E.left({ _tag: 'PayLaterNotOffered' });
  if (input.priceHash !== undefined && input.priceHash !== priceHash) {
    return E.left({ _tag: 'PriceChanged', quote: quoteOf(priced, priceHash) });
  }
  const { currency: _, ...sums } = priced;
  // where it is brought to counts, whatever else is said of it
  const destination = roughly(input.address, location.screening?.zones) ?? input.destination;
  // written down here, so that whoever is told of it is told the same every time
  const customer = location.screening ? await deps.customers.known(account) : undefined;
  return E.right({
    type: 'PlaceOrder',
    order: {
      orderId,
      number: formatOrderNumber(createHmac('sha256', deps.secret).update(orderId).digest()),
      accountId: account,
      channel: 'api',
      locationId: input.locationId,
      mode,
      ...sums,
      priceHash,
      paymentMode: sums.total.amount === 0 ? 'free' : payLater ? 'pay_later' : 'prepay',
      ...(location.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
      gates: {
        check: location.screening ? 'required' : 'skipped',
        stock: sums.lines.some(({ track }) => track) ? 'required' : 'skipped',
        discounts: 'skipped',
      },
      onShortage: input.onShortage ?? 'reject',
      paymentWindowMinutes: location.paymentWindowMinutes,
      placedAt: at,
      businessDate: businessDate(location, promisedAt ?? at),
      ...(location.screening ? { screening: location.screening, checkId: checkIdOf(orderId) } : {}),
      ...(input.merchantOrderNo === undefined ? {} : { merchantOrderNo: input.merchantOrderNo }),
      ...(input.locale === undefined ? {} : { locale: input.locale }),
      ...(promisedAt === undefined ? {} : { promisedAt: new Date(promisedAt).toISOString() }),
      ...(input.table === undefined ? {} : { table: input.table }),
      ...(location.kitchenCapacity === undefined ? {} : { kitchenCapacity: location.kitchenCapacity }),
      ...(destination === undefined ? {} : { destination }),
      ...(customer === undefined ? {} : { customer }),
    },
    acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: later(at, location) },
    allowedModes: location.modes,
  });
}

/** Where an address is, as far as the zones that are served tell places apart: who checks the order never sees more of it. */
function roughly(
  address: PlaceOrderInput['address'],
  zones: readonly string[] | undefined,
): PlaceOrderInput['destination'] {
  if (address === undefined || zones === undefined) return undefined;
  const { country, postalCode } = address;
  const length = Math.max(0, ...zones.map((zone) => zone.length));
  return { country, ...(postalCode === undefined ? {} : { postalPrefix: postalCode.slice(0, length) }) };
}

const later = (at: string, { paymentWindowMinutes }: Location): string =>
  new Date(Date.parse(at) + paymentWindowMinutes * 60_000).toISOString();
