import type { OrderBlock } from '../../consumers/contracts/index.js';
import { type Money, sum } from '../../domain/kernel/money.js';
import { type ExistingOrder, fulfilmentFacet, paymentFacet } from '../../domain/order/index.js';

/** The order as messages carry it, from its state just after an event: the same state gives the same bytes. */
export function orderBlock(order: ExistingOrder): OrderBlock {
  const { details, lines } = order;
  const { currency } = details.total;
  const total = (of: (line: ExistingOrder['lines'][number]) => Money): Money => sum(lines.map(of), currency);
  return {
    id: details.orderId,
    number: details.number,
    ...(details.merchantOrderNo === undefined ? {} : { merchantOrderNo: details.merchantOrderNo }),
    customerRef: details.accountId,
    channel: details.channel,
    locationId: details.locationId,
    mode: details.mode,
    currency,
    lines: lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      name: line.name,
      options: line.options.map(({ name, choice }) => ({ name, choice })),
      qty: line.qty,
      cancelled: line.cancelled,
      fulfilled: line.fulfilled,
      unitPrice: line.unitPrice,
      discount: line.discount,
      tax: line.tax,
      net: line.net,
      ...(line.station === undefined ? {} : { station: line.station }),
      ...(line.prepSeconds === undefined ? {} : { prepSeconds: line.prepSeconds }),
      ...(line.allergens === undefined ? {} : { allergens: line.allergens }),
    })),
    totals: {
      items: total(({ gross }) => gross),
      discount: total(({ discount }) => discount),
      delivery: details.deliveryFee,
      tax: sum(
        details.tax.map(({ amount }) => amount),
        currency,
      ),
      tip: details.tip,
      grand: details.total,
    },
    status: order.status,
    facets: { payment: paymentFacet(order), fulfilment: fulfilmentFacet(order) },
    placedAt: details.placedAt,
    ...(order.promisedAt === undefined ? {} : { promisedAt: order.promisedAt }),
    ...(details.businessDate === undefined ? {} : { businessDate: details.businessDate }),
    ...(details.table === undefined ? {} : { table: details.table }),
    ...(details.kitchenCapacity === undefined ? {} : { kitchenCapacity: details.kitchenCapacity }),
  };
}
