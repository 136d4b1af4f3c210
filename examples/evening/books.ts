import Table from 'cli-table3';
import type { Client } from '../demo/client.js';
import { FAVOUR } from './guests.js';
import { isDead, type Order, pause } from './orders.js';
import type { Plan } from './plan.js';

/** An order at its end, with what the payment provider's ledger says of it. Minor units. */
export interface Entry {
  readonly plan: Plan;
  readonly order: Order;
  readonly charged: number;
  readonly returned: number;
}

interface Booking {
  readonly status: string;
  readonly amount: number;
  readonly paymentIntent: string;
  readonly metadata: { readonly orderId?: string };
}
interface Ledger {
  readonly charges: readonly Booking[];
  readonly refunds: readonly Booking[];
}

const PATIENCE_MS = 120_000;

/**
 * The books once nothing is under way any more: money that comes late is on its way back for a moment.
 * @param ledgerUrl where the payment provider's simulator shows its ledger
 */
export async function closeTheBooks(
  client: Client,
  ledgerUrl: string,
  ended: readonly { readonly plan: Plan; readonly order: Order }[],
): Promise<readonly Entry[]> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(1_000)) {
    const ledger = await ledgerAt(ledgerUrl);
    const entries: Entry[] = [];
    for (const { plan, order } of ended) {
      const now = await client.get<Order>(`/v1/orders/${order.id}`);
      entries.push({ plan, order: now, ...ofOrder(ledger, order.id) });
    }
    if (entries.every((entry) => whatIsWrong(entry).length === 0) || Date.now() > deadline) return entries;
  }
}

async function ledgerAt(url: string): Promise<Ledger> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: is this a Comanda with the payment simulator?`);
  return (await response.json()) as Ledger;
}

function ofOrder({ charges, refunds }: Ledger, orderId: string) {
  const its = charges.filter(({ status, metadata }) => status === 'succeeded' && metadata.orderId === orderId);
  const intents = new Set(its.map(({ paymentIntent }) => paymentIntent));
  const back = refunds.filter(({ status, paymentIntent }) => status !== 'failed' && intents.has(paymentIntent));
  return { charged: sumOf(its), returned: sumOf(back) };
}

const sumOf = (bookings: readonly Booking[]): number => bookings.reduce((sum, { amount }) => sum + amount, 0);

/** What an order should have left in the till. */
const expected = ({ plan, order }: Entry): number =>
  isDead(order) ? 0 : order.due.amount - (plan.story === 'something given back' ? FAVOUR : 0);

const sumOfParts = ({ lines, deliveryFee, tip }: Order): number =>
  lines.reduce((sum, { net }) => sum + net.amount, amountOf(deliveryFee) + amountOf(tip));
const amountOf = (money: { readonly amount: number } | undefined): number => money?.amount ?? 0;

/** Where the books of an order do not agree with the provider's, or with what was agreed. */
export function whatIsWrong(entry: Entry): readonly string[] {
  const { plan, order, charged, returned } = entry;
  const named = `order ${plan.number} (${plan.story}, ${order.status})`;
  const differ = (what: string, ours: number, theirs: number): string[] =>
    ours === theirs ? [] : [`${named}: ${what} ${ours} here, ${theirs} there`];
  return [
    ...differ('lines, delivery and tip', sumOfParts(order), order.total.amount),
    ...differ('charged', order.payment.captured.amount, charged),
    ...differ('given back', order.refunds.refunded.amount, returned),
    ...differ('kept, and to be kept:', charged - returned, expected(entry)),
  ];
}

/** The table of the evening: what each way of ordering brought in, by our books and by the provider's. */
export function tableOf(entries: readonly Entry[]): string {
  const table = new Table({
    head: ['', 'orders', 'ordered', 'delivery', 'tips', 'paid', 'given back', 'kept', 'ledger', 'difference'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const modes = [...new Set(entries.map(({ plan }) => plan.mode))].sort();
  for (const mode of modes) table.push([mode, ...row(entries.filter(({ plan }) => plan.mode === mode))]);
  table.push(['all', ...row(entries)]);
  return table.toString();
}

function row(entries: readonly Entry[]): string[] {
  const sum = (of: (entry: Entry) => number): number => entries.reduce((total, entry) => total + of(entry), 0);
  const paid = sum(({ order }) => order.payment.captured.amount);
  const back = sum(({ order }) => order.refunds.refunded.amount);
  const ledger = sum(({ charged, returned }) => charged - returned);
  return [
    String(entries.length),
    ...[
      sum(({ order }) => order.total.amount),
      sum(({ order }) => amountOf(order.deliveryFee)),
      sum(({ order }) => amountOf(order.tip)),
      paid,
      back,
      paid - back,
      ledger,
      paid - back - ledger,
    ].map(shown),
  ];
}

/** How the orders of each story ended. */
export function storiesOf(entries: readonly Entry[]): string {
  const table = new Table({ head: ['story', 'orders', 'ended'], style: { head: [], border: [] } });
  for (const story of new Set(entries.map(({ plan }) => plan.story))) {
    const its = entries.filter(({ plan }) => plan.story === story);
    const statuses = [...new Set(its.map(({ order }) => order.status))].sort();
    const ended = statuses.map((status) => `${its.filter(({ order }) => order.status === status).length} ${status}`);
    table.push([story, String(its.length), ended.join(', ')]);
  }
  return table.toString();
}

const shown = (amount: number): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(amount / 100);
