import { exponentOf } from '../../domain/kernel/currency.js';
import type { BookRow, DayBook } from '../../processes/index.js';
import { table } from './output.js';

/** The payments and refunds of a day as a table that adds up, for people: amounts in major units. */
export function dayBookTable({ rows }: DayBook): string {
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  return table(
    ['', 'Provider', 'Amount', 'Comanda', 'Amount', 'Difference'],
    currencies.flatMap((currency) => {
      const its = rows.filter((row) => row.currency === currency);
      return [...its.map(lineOf), balanceOf(currency, its)];
    }),
  );
}

/** Whether both sides have the same of everything. */
export const isBalanced = ({ rows, findings }: DayBook): boolean =>
  findings.length === 0 &&
  rows.every(({ provider, ours }) => provider.count === ours.count && provider.amount === ours.amount);

const lineOf = ({ currency, what, provider, ours }: BookRow): readonly (string | number)[] => [
  `${currency} ${what}`,
  provider.count,
  shown(provider.amount, currency),
  ours.count,
  shown(ours.amount, currency),
  shown(provider.amount - ours.amount, currency),
];

/** What came in less what went back. */
function balanceOf(currency: string, rows: readonly BookRow[]): readonly (string | number)[] {
  const sum = (side: 'provider' | 'ours'): number =>
    rows.reduce((all, row) => all + (row.what === 'payments' ? row[side].amount : -row[side].amount), 0);
  const [theirs, ours] = [sum('provider'), sum('ours')];
  return [
    `${currency} balance`,
    '',
    shown(theirs, currency),
    '',
    shown(ours, currency),
    shown(theirs - ours, currency),
  ];
}

const shown = (amount: number, currency: string): string => {
  const exponent = exponentOf(currency);
  return (amount / 10 ** exponent).toFixed(exponent);
};
