import type { Check } from './checks/check.js';
import type { Traffic } from './load/client.js';
import type { Visited } from './load/customer.js';
import { type FaultKind, KINDS, VICTIMS } from './plan/faults.js';
import { repeated } from './checks/check.js';
import { countOf, type FaultTally } from './system/faultDriver.js';

/** Everything that a run has to tell. */
export interface Report {
  readonly seed: string;
  readonly minutes: number;
  readonly perSecond: number;
  readonly folder: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Milliseconds, by part of the run. */
  readonly durations: ReadonlyMap<string, number>;
  readonly tally: FaultTally;
  /** How often each process was started. */
  readonly starts: ReadonlyMap<string, number>;
  /** How often the provider was told to misbehave. */
  readonly mishaps: number;
  readonly traffic: Traffic;
  readonly webhooks: { readonly came: number; readonly delivered: number };
  readonly visits: readonly Visited[];
  readonly events: number;
  readonly messages: number;
  readonly republished: number;
  /** How many orders ended in which status. */
  readonly statuses: ReadonlyMap<string, number>;
  /** What went wrong before anything could be checked. */
  readonly failures: readonly string[];
  readonly checks: readonly Check[];
}

export const passed = ({ failures, checks }: Report): boolean =>
  failures.length === 0 && checks.length > 0 && checks.every(({ differences }) => differences.length === 0);

/** The first thing that is wrong, in one line; undefined when nothing is. */
export function firstDifference({ failures, checks }: Report): string | undefined {
  if (failures[0] !== undefined) return failures[0];
  const failed = checks.find(({ differences }) => differences.length > 0);
  return failed && `${failed.name}: ${failed.differences[0]}${more(failed.differences.length - 1)}`;
}

const more = (count: number): string => (count > 0 ? ` (and ${count} more)` : '');
const NAMES: Readonly<Record<FaultKind, string>> = {
  kill: 'kills (`SIGKILL`)',
  freeze: 'freezes (`SIGSTOP`)',
  slow: 'ways that were slow for a while',
  cut: 'ways on which every connection was reset',
  lose: 'ways on which every connection went dead without a word',
};
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

type Row = readonly (string | number)[];
const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The report as markdown; the same is printed at the end of a run. */
export function markdown(report: Report): string {
  const { seed, minutes, perSecond, startedAt, tally, traffic, webhooks, visits, checks } = report;
  const verdict = passed(report) ? 'passed' : `**failed**: ${firstDifference(report)}`;
  const fates = repeated(visits.flatMap(({ plan }) => [plan.fate, plan.fate]));
  const victims = VICTIMS.map((victim): Row => [
    victim,
    ...KINDS.map((kind) => countOf(tally, kind, victim)),
    report.starts.get(victim) ?? '',
  ]);
  return [
    `${startedAt.slice(0, 10)}, ${startedAt.slice(11, 16)} UTC: \`npm run chaos -- --minutes ${minutes} --seed ${seed} --rate ${perSecond}\`, ${verdict}.`,
    table(
      ['what', 'how many'],
      [
        ...KINDS.map((kind): Row => [NAMES[kind], countOf(tally, kind)]),
        ['faults left out, their victim still being down', tally.skipped],
        ['times that the provider was told to misbehave', report.mishaps],
        ['orders', visits.length],
        ['requests', traffic.requests],
        ['of them without an answer, and sent again', traffic.lost],
        ['of them asked to come back', traffic.comeBack],
        ['webhooks that came, copies delivered', `${webhooks.came}, ${webhooks.delivered}`],
        ['events in the log', report.events],
        ['messages published, published again', `${report.messages}, ${report.republished}`],
        ...[...report.durations].map(([name, ms]): Row => [name, seconds(ms)]),
      ],
    ),
    table(['process or service', ...KINDS, 'starts'], victims),
    table(
      ['orders that ended as', 'how many'],
      [...report.statuses].sort(([, a], [, b]) => b - a),
    ),
    table(
      ['customers who', 'how many'],
      [...fates].map(([fate, twice]): Row => [fate, twice / 2]).sort(([, a], [, b]) => Number(b) - Number(a)),
    ),
    table(
      ['check', 'looked at', 'differences'],
      checks.map(({ name, looked, differences }) => [name, looked, differences.length]),
    ),
  ].join('\n\n');
}
