import Table from 'cli-table3';
import { type Comparison, type Figure, verdicts } from './figure.js';
import type { Machine } from './machine.js';

/** All that a run leaves behind. */
export interface Report {
  /** RFC 3339. */
  readonly at: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  /** How long each case took, starting and filling what it needed included. */
  readonly took: readonly Took[];
  readonly figures: readonly Figure[];
  /** Cases that could not be measured, and why. */
  readonly failures: readonly { readonly case: string; readonly reason: string }[];
}

/** Seconds of a case, and how many of them went by before anything was measured: an earlier case may have prepared more. */
export interface Took {
  readonly case: string;
  readonly seconds: number;
  readonly preparing: number;
}

/** A number as people read it: three digits that count, thousands set apart. */
export const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value >= 10 ? value.toFixed(1) : value.toFixed(2);

export const comparisonText = ({ to, ratio }: Comparison): string => `${shown(ratio)} × ${to}`;

/** `µs of processor: Comanda 700, node 81`, and what else is to be said beside a figure; empty: nothing. */
export const besides = ({ processor = {}, note }: Figure): string => {
  const used = Object.entries(processor).map(([name, us]) => `${name} ${shown(us)}`);
  const parts = [used.length === 0 ? undefined : `µs of processor: ${used.join(', ')}`, note];
  return parts.filter((part) => part !== undefined).join('; ');
};

export const verdictText = (figure: Figure): string =>
  verdicts(figure)
    .map(({ goal, reached }) => `${goal.text}: ${reached ? 'reached' : 'NOT reached'}`)
    .join('\n');

const HEAD = ['what', 'median', '±', 'p99 ms', 'compared', 'goal'];

/** The figures as a table for the terminal, a heading for each case. */
export function tableOf(figures: readonly Figure[]): string {
  const cases = [...new Set(figures.map((figure) => figure.case))];
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, wordWrap: true });
  for (const name of cases) {
    table.push([{ colSpan: HEAD.length, content: name.toUpperCase() }]);
    for (const figure of figures.filter((candidate) => candidate.case === name)) {
      table.push([
        [figure.what, besides(figure)].filter((line) => line !== '').join('\n'),
        `${shown(figure.median)} ${figure.unit}`,
        `${Math.round(figure.spread)} %`,
        figure.p99 === undefined ? '' : shown(figure.p99),
        figure.comparisons.map(comparisonText).join('\n'),
        verdictText(figure),
      ]);
    }
  }
  return table.toString();
}

/** Machine, versions and how long it took, in a few lines. */
export const headingOf = ({ at, machine, rounds, seconds, took }: Report): string =>
  [
    `${at}, commit ${machine.commit}: medians of ${rounds} interleaved rounds of ${seconds} s`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, load before the run ${machine.loadBefore}`,
    `Node ${machine.node}; ${Object.entries(machine.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `${minutes(took.reduce((sum, one) => sum + one.seconds, 0))}: ${took.map((one) => `${one.case} ${Math.round(one.seconds)} s`).join(', ')}`,
  ].join('\n');

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
