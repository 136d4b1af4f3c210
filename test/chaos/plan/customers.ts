import type { Line } from '../../e2e/support/shop.js';
import { coldSku, HOT, type LocationName, scarceSku, UNTRACKED } from './shelf.js';
import { type Random, randomOf } from './random.js';

/** What a customer does once the order is placed. */
export type Fate =
  | 'pay'
  | 'decline, then pay'
  | 'pay twice at once'
  /** Finds the payment page at the provider, whether the shop knows of it yet or not. */
  | 'pay before the shop has the link'
  | 'pay when the time is over'
  | 'transfer that succeeds'
  | 'transfer that fails'
  | 'leave'
  | 'cancel'
  | 'pay and cancel at once';

const FATES: readonly (readonly [Fate, number])[] = [
  ['pay', 44],
  ['decline, then pay', 9],
  ['pay twice at once', 8],
  ['pay before the shop has the link', 7],
  ['pay when the time is over', 7],
  ['transfer that succeeds', 4],
  ['transfer that fails', 2],
  ['leave', 7],
  ['cancel', 5],
  ['pay and cancel at once', 7],
];

/** One customer, from the first request to the last. */
export interface CustomerPlan {
  readonly number: number;
  /** After the beginning of the load, in milliseconds. */
  readonly atMs: number;
  readonly key: string;
  readonly fate: Fate;
  readonly location: LocationName;
  readonly mode: 'pickup' | 'dine_in';
  readonly lines: readonly Line[];
  readonly merchantOrderNo?: string;
  /** Requests with the same key that are sent at once, to whichever process. */
  readonly requests: number;
  /** `Prefer: wait=N`, seconds. */
  readonly wait: number;
  /** Between the steps, in milliseconds. */
  readonly thinkMs: number;
}

/** The customers of a run, in the order in which they come: the same for the same seed, rate and length. */
export function planCustomers(seed: string, lengthMs: number, perSecond: number): readonly CustomerPlan[] {
  const random = randomOf(seed, 'customers');
  const meanMs = 1_000 / perSecond;
  const customers: CustomerPlan[] = [];
  for (let atMs = 0; atMs < lengthMs; atMs += meanMs * 2 * random.next()) {
    customers.push(customer(random, `${seed}-${customers.length}`, customers.length, Math.round(atMs)));
  }
  return customers;
}

function customer(random: Random, key: string, number: number, atMs: number): CustomerPlan {
  const fate = random.weighted(FATES);
  const hurried = fate === 'pay when the time is over' || (fate === 'leave' && random.chance(0.7));
  return {
    number,
    atMs,
    key,
    fate,
    location: hurried || random.chance(0.1) ? 'kiosk' : 'main',
    mode: random.pick(['pickup', 'dine_in']),
    lines: linesOf(random, number),
    // a number of the merchant's own: its key is claimed before the order is placed
    ...(random.chance(0.25) ? { merchantOrderNo: `M-${key}` } : {}),
    requests: random.weighted([
      [1, 80],
      [2, 15],
      [3, 5],
    ]),
    wait: random.pick([0, 0, 1, 5]),
    thinkMs: random.whole(0, 1_500),
  };
}

function linesOf(random: Random, number: number): readonly Line[] {
  const skus = new Set<string>();
  const count = random.weighted([
    [1, 50],
    [2, 25],
    [3, 13],
    [4, 7],
    [5, 5],
  ]);
  while (skus.size < count) {
    skus.add(
      random.weighted([
        [random.pick(HOT), 50],
        [coldSku(random.whole(0, 1_000)), 35],
        [scarceSku(number), 10],
        [UNTRACKED, 5],
      ]),
    );
  }
  return [...skus].map((sku) => ({ sku, quantity: sku.startsWith('scarce') ? 1 : random.whole(1, 3) }));
}
