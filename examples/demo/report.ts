import Table from 'cli-table3';
import type { Order } from './client.js';
import type { Morning } from './invoices.js';

/** What a run measured and counted. */
export interface Results {
  readonly orders: readonly Order[];
  readonly placedNow: number;
  readonly placingSeconds: number;
  readonly toPaymentLink: readonly number[];
  readonly toFulfilled: readonly number[];
}

export interface Check {
  readonly what: string;
  /** What is wrong; empty when it holds. */
  readonly wrong: readonly string[];
}

/** Prints what was set aside, the table of results and the checks. */
export function printReport(morning: Morning, results: Results, checks: readonly Check[]): void {
  printSetAside(morning);
  printStatuses(results.orders);
  printFigures(results);
  for (const { what, wrong } of checks) {
    console.log(`${wrong.length === 0 ? 'holds' : 'FAILS'}  ${what}`);
    for (const line of wrong.slice(0, 10)) console.log(`         ${line}`);
  }
}

function printSetAside({ setAside, unmatched }: Morning): void {
  console.log(`\nUnmatched cancellations (of orders before this morning): ${unmatched.join(', ') || 'none'}`);
  console.log('Not ordered:');
  for (const { invoice, code, why } of setAside) console.log(`  invoice ${invoice}, ${code}: ${why}`);
  console.log('');
}

function printStatuses(orders: readonly Order[]): void {
  const table = new Table({
    head: ['status', 'orders', 'lines', 'units', 'amount'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const rows = [...groupBy(orders, ({ status }) => status)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [status, group] of rows) table.push([status, ...sums(group)]);
  table.push(['all', ...sums(orders)]);
  console.log(table.toString());
}

function sums(orders: readonly Order[]): string[] {
  const lines = orders.flatMap((order) => order.lines);
  const amounts = [...groupBy(orders, ({ total }) => total.currency)].map(([currency, group]) =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).format(
      group.reduce((amount, { total }) => amount + total.amount, 0) / 100,
    ),
  );
  return [orders.length, lines.length, lines.reduce((units, { quantity }) => units + quantity, 0)]
    .map(String)
    .concat(amounts.join(', ') || '–');
}

function printFigures({ placedNow, placingSeconds, toPaymentLink, toFulfilled }: Results): void {
  const table = new Table({
    head: ['', 'p50', 'p99'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  table.push(['POST to payment link', ...shownPercentiles(toPaymentLink)]);
  table.push(['placed to fulfilled', ...shownPercentiles(toFulfilled)]);
  console.log(table.toString());
  console.log(
    placedNow === 0
      ? 'Placed in this run: none, all of them were there already.\n'
      : `Placed and paid in this run: ${placedNow} in ${placingSeconds.toFixed(1)} s, ${(placedNow / placingSeconds).toFixed(1)} orders a second.\n`,
  );
}

const shownPercentiles = (values: readonly number[]): string[] => [0.5, 0.99].map((rank) => percentile(values, rank));

function percentile(values: readonly number[], rank: number): string {
  const ordered = [...values].sort((a, b) => a - b);
  const value = ordered[Math.min(ordered.length - 1, Math.floor(rank * ordered.length))];
  return value === undefined ? '–' : `${Math.round(value)} ms`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
