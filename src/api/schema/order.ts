import { money } from './amounts.js';
import { locationId, merchantOrderNo, opaqueId, orderId, revision, sku } from './ids.js';
import { dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

export const orderMode = oneOf('pickup', 'dine_in', 'delivery', 'shipping', 'digital');

/** By what an order came. */
export const orderChannel = oneOf('web', 'app', 'pos', 'api');

export const orderStatus = oneOf(
  'placed',
  'on_hold',
  'awaiting_payment',
  'confirmed',
  'in_fulfilment',
  'fulfilled',
  'completed',
  'rejected',
  'expired',
  'cancelled',
);

export const paymentStatus = oneOf('not_required', 'pending', 'authorized', 'partially_paid', 'paid', 'overpaid');

export const fulfilmentStatus = oneOf(
  'none',
  'queued',
  'preparing',
  'ready',
  'in_transit',
  'partially_fulfilled',
  'fulfilled',
);

const orderAction = oneOf(
  'pay',
  'cancel',
  'cancel_lines',
  'amend',
  'hold',
  'resolve_hold',
  'confirm_pay_later',
  'refund',
  'complete',
  'ship',
  'take_back',
  'change_delivery',
  'change_promise',
);

const orderDisplay = oneOf(
  'placed',
  'needs attention',
  'waiting for payment',
  'paid',
  'in the kitchen',
  'ready',
  'on the way',
  'partly delivered',
  'delivered',
  'completed',
  'payment time ran out',
  'declined',
  'cancelled',
  'refunded',
);

export const orderAnswer = named(
  'Order',
  object(
    {
      id: orderId,
      number: described(text(20), 'What people call it', '4Q8Z-0K3M-7TXB-5'),
      status: orderStatus,
      display: described(orderDisplay, 'The status in a word of everyday'),
      revision,
      locationId,
      mode: orderMode,
      channel: described(orderChannel, 'By what it came'),
      lines: list(
        named(
          'OrderLine',
          object(
            {
              lineId: opaqueId,
              sku,
              name: text(100),
              quantity: integer(1),
              cancelled: described(integer(0), 'Units that were called off'),
              fulfilled: described(integer(0), 'Units that were handed over'),
              unitPrice: money,
              net: money,
            },
            {
              options: described(
                list(object({ name: text(100), choice: text(100), price: money })),
                'What was chosen with it; `price` is in the unit price. Absent: nothing',
              ),
              returned: described(integer(0), 'Of these, units that came back; absent: none'),
            },
          ),
        ),
      ),
      total: described(money, 'What was ordered costs this'),
      due: described(money, 'The total, less what was cancelled'),
      payment: object(
        {
          status: paymentStatus,
          captured: described(money, 'What was paid'),
        },
        { link: described(text(2048), 'Where to pay; there as soon as the provider has given it'), dueAt: dateTime },
      ),
      fulfilment: object({ status: fulfilmentStatus }),
      returns: described(
        object({ status: oneOf('none', 'partial', 'full') }),
        'How much of what was handed over came back',
      ),
      refunds: object({
        status: oneOf('none', 'pending', 'partial', 'full'),
        due: described(money, 'What goes back, or has gone'),
        refunded: described(money, 'What has gone back'),
      }),
      allowed: described(list(orderAction), 'What may be done with it next'),
      placedAt: dateTime,
    },
    {
      merchantOrderNo,
      promisedAt: described(
        dateTime,
        'For when it is wanted or, once its kitchen said otherwise, promised; absent: as soon as may be',
      ),
      pickupNo: described(
        integer(1),
        'What is called out when it is ready: unique at the location for the business day, and another one where it is moved to another ' +
          'day. There once the kitchen has it',
        17,
      ),
      deliveryFee: described(money, 'What bringing it costs; in the total, and taxed like a line. Absent: nothing'),
      tip: described(money, 'What was given on top, in the total; absent: nothing'),
      hold: named(
        'Hold',
        object({
          kind: oneOf('review', 'shortage', 'mismatch', 'manual'),
          detail: text(10_000),
          decideBy: described(dateTime, 'Undecided by then, the order is rejected'),
          resumeTo: oneOf('placed', 'awaiting_payment', 'confirmed'),
        }),
      ),
      cancellation: named(
        'Cancellation',
        object(
          { id: opaqueId, state: oneOf('pending', 'declined', 'done'), reason: text(500) },
          { cause: described(text(500), 'Why it was declined, or a part of it') },
        ),
      ),
      amendment: described(
        named(
          'Amendment',
          object(
            { id: opaqueId, state: oneOf('pending', 'declined', 'done') },
            {
              cause: described(text(1_000), 'Why it was declined'),
              shortages: described(
                list(
                  named(
                    'Shortage',
                    object({
                      lineId: opaqueId,
                      sku,
                      name: text(100),
                      wanted: integer(0),
                      available: integer(Number.MIN_SAFE_INTEGER),
                    }),
                  ),
                ),
                'What of it is not there',
              ),
            },
          ),
        ),
        'The last amendment that had to wait for its stock',
      ),
      rejection: object({
        reasons: list(
          named(
            'RejectionReason',
            object(
              { type: described(text(60), 'A problem type', 'insufficient-stock'), text: text(500) },
              {
                lineId: opaqueId,
                sku,
                name: text(100),
                wanted: integer(0),
                available: integer(Number.MIN_SAFE_INTEGER),
              },
            ),
          ),
        ),
      }),
    },
  ),
);
