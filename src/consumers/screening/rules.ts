import { majorUnits } from '../../domain/kernel/currency.js';
import type { CheckCompletedV1, CheckRequestedV1 } from '../contracts/index.js';

type Finding = CheckCompletedV1['rules'][number];
type Rule = (request: CheckRequestedV1) => Finding | undefined;

/** What the order costs against what the location finds unusual, and what it does not take at all. */
const amount: Rule = ({ value, limits = {} }) => {
  const { reviewAbove, rejectAbove } = limits;
  if (reviewAbove === undefined && rejectAbove === undefined) return undefined;
  const above = (limit: number | undefined): limit is number =>
    limit !== undefined && value.amount > majorUnits(limit, value.currency);
  if (above(rejectAbove)) return found('amount', 'failed', `costs more than ${rejectAbove} ${value.currency}`);
  if (above(reviewAbove)) return found('amount', 'review', `costs more than ${reviewAbove} ${value.currency}`);
  return found('amount', 'passed', 'the amount is usual');
};

/** How many of one article, over all lines that it stands on. */
const quantity: Rule = ({ order, limits: { reviewQuantityAbove: limit } = {} }) => {
  if (limit === undefined) return undefined;
  const units = new Map<string, { name: string; qty: number }>();
  for (const { sku, name, qty } of order.lines) units.set(sku, { name, qty: (units.get(sku)?.qty ?? 0) + qty });
  const many = [...units.values()].filter(({ qty }) => qty > limit);
  if (many.length === 0) return found('quantity', 'passed', 'the quantities are usual');
  const named = many.map(({ name, qty }) => `${qty} of ${name}`).join(', ');
  return found('quantity', 'review', `more than ${limit} of one article: ${named}`);
};

/** Whether anybody goes there. Where it goes is not known of what is fetched. */
const zone: Rule = ({ destination, limits: { zones } = {} }) => {
  if (zones === undefined || destination === undefined) return undefined;
  const { postalPrefix } = destination;
  if (postalPrefix === undefined) return found('zone', 'review', 'it is not said where exactly it goes');
  return zones.some((served) => postalPrefix.startsWith(served))
    ? found('zone', 'passed', 'the zone is served')
    : found('zone', 'failed', `nobody delivers to ${postalPrefix}`);
};

/** How heavy it is, as far as what it holds says so. */
const weight: Rule = ({ weight: grams, limits: { reviewWeightAbove: limit } = {} }) => {
  if (limit === undefined || grams === undefined) return undefined;
  return grams > limit
    ? found('weight', 'review', `weighs ${grams} g, more than ${limit} g`)
    : found('weight', 'passed', 'the weight is usual');
};

/** What somebody may order whom nobody knows yet. Where nobody can say whether they are known, this says nothing. */
const newcomer: Rule = ({ value, account, limits: { reviewNewAbove: limit } = {} }) => {
  if (limit === undefined || account === undefined || account.orders > 0) return undefined;
  return value.amount > majorUnits(limit, value.currency)
    ? found('newcomer', 'review', `a first order that costs more than ${limit} ${value.currency}`)
    : found('newcomer', 'passed', 'the amount is usual for a first order');
};

const found = (code: string, outcome: Finding['outcome'], text: string): Finding => ({ code, outcome, text });

const RULES: readonly Rule[] = [amount, quantity, zone, weight, newcomer];

/** The verdict on an order and what each rule that applies to it found: the gravest finding decides. */
export function check(request: CheckRequestedV1): Pick<CheckCompletedV1, 'verdict' | 'rules'> {
  const rules = RULES.flatMap((rule) => rule(request) ?? []);
  const said = (outcome: Finding['outcome']): boolean => rules.some((rule) => rule.outcome === outcome);
  return { verdict: said('failed') ? 'failed' : said('review') ? 'review' : 'passed', rules };
}
