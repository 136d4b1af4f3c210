import * as t from 'io-ts';
import { CheckIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';

/** One rule of the check engine and what it found. */
const CheckRuleCodec = t.type({
  code: t.string,
  outcome: literals('passed', 'failed', 'review'),
  text: t.string,
});
export type CheckRule = t.TypeOf<typeof CheckRuleCodec>;

/** What is unusual of an order, and what is not taken at all. */
export const CheckLimitsCodec = t.partial({
  /** In major units of the order's currency: above it somebody looks at the order. */
  reviewAbove: t.number,
  /** In major units: above it the order is declined. */
  rejectAbove: t.number,
  /** Units of one article above which somebody looks at the order. */
  reviewQuantityAbove: t.number,
  /** Postal prefixes that are served; absent: all. */
  zones: t.readonlyArray(t.string),
  /** In grams: above it somebody looks at the order. */
  reviewWeightAbove: t.number,
  /** In major units: above it somebody looks at the first order of a customer. */
  reviewNewAbove: t.number,
});

/** How orders are checked before they are accepted. */
export const ScreeningCodec = t.intersection([
  t.type({
    /** How long the check engine may take. */
    timeoutSeconds: t.number,
    /** What becomes of an order that the engine says nothing about in time. */
    onSilence: literals('hold', 'pass'),
  }),
  CheckLimitsCodec,
]);
export type Screening = t.TypeOf<typeof ScreeningCodec>;

/** What checks of a customer's earlier orders tell of them, at the moment of an order. */
export const CustomerRecordCodec = t.intersection([
  t.type({
    /** How many of their orders were checked; a thousand stands for more, too. */
    orders: t.number,
    flags: t.readonlyArray(literals('new', 'failed_before', 'reviewed_before')),
  }),
  /** When the first of them was placed. */
  t.partial({ since: t.string }),
]);
export type CustomerRecord = t.TypeOf<typeof CustomerRecordCodec>;

/** How an order is checked before it is accepted. */
export const checkingEvents = {
  OrderChecked: {
    v: 1,
    data: t.type({
      checkId: CheckIdCodec,
      verdict: literals('passed', 'failed', 'review'),
      rules: t.readonlyArray(CheckRuleCodec),
      engine: t.string,
      engineVersion: t.string,
    }),
  },
} as const;
