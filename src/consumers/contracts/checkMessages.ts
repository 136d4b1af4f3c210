import * as t from 'io-ts';
import { CheckIdCodec, OrderIdCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';
import { literals } from '../../domain/kernel/literals.js';
import { OrderBlock } from './orderBlock.js';

/**
 * `check.requested.v1`: a job for the check engine, with all that it needs. Whoever takes it from its queue answers with
 * `check.completed.v1`; one that says nothing by `deadline` (RFC 3339) is not waited for.
 */
export const CheckRequestedV1 = t.intersection([
  t.type({
    checkId: CheckIdCodec,
    /** Names the request; the same on every repeat. */
    requestId: t.string,
    actionType: t.literal('order_check'),
    order: OrderBlock,
    value: MoneyCodec,
    deadline: t.string,
  }),
  t.partial({
    /** Where the order goes, as far as that tells nobody who lives there. */
    destination: t.intersection([
      t.type({ country: t.string }),
      t.partial({
        region: t.string,
        postalPrefix: t.string,
        /** The zone of the location, by its name, that it lies in. */
        zone: t.string,
      }),
    ]),
    /** In grams: whatever of the order says how heavy it is, together. */
    weight: t.number,
    /** What is known of the customer: for how many days, how many of their orders were checked before, and what else. */
    account: t.type({ age: t.number, orders: t.number, flags: t.readonlyArray(t.string) }),
    /** What the location finds unusual; amounts in major units, weights in grams. An engine may know better. */
    limits: t.partial({
      reviewAbove: t.number,
      rejectAbove: t.number,
      reviewQuantityAbove: t.number,
      zones: t.readonlyArray(t.string),
      reviewWeightAbove: t.number,
      reviewNewAbove: t.number,
    }),
  }),
]);
export type CheckRequestedV1 = t.TypeOf<typeof CheckRequestedV1>;

/** `check.completed.v1`: what the check engine found. The same `checkId` counts once, however often it is said. */
export const CheckCompletedV1 = t.type({
  checkId: CheckIdCodec,
  orderId: OrderIdCodec,
  verdict: literals('passed', 'failed', 'review'),
  rules: t.readonlyArray(t.type({ code: t.string, outcome: literals('passed', 'failed', 'review'), text: t.string })),
  engine: t.string,
  engineVersion: t.string,
});
export type CheckCompletedV1 = t.TypeOf<typeof CheckCompletedV1>;
