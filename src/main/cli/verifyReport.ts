import { CHECKS } from '../../verification/checks/index.js';
import type { Difference } from '../../verification/difference.js';
import { COMPARISONS, type Verification } from '../../verification/verify.js';
import { counted } from './output.js';

/** The result for people: what was read and compared, then every difference under the rule that it breaks. */
export function asText(verification: Verification): string {
  const { events, foreign, streams, rows, readMs, head, differences } = verification;
  const kinds = Object.entries(streams)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count.toLocaleString('en')} ${kind}`);
  const rate = Math.round((events * 1_000) / Math.max(1, readMs));
  const lines = [
    `Read ${counted(events, 'event')} up to position ${head ?? 'none'} in ${(readMs / 1_000).toFixed(1)} s (${rate.toLocaleString('en')} events/s).`,
    ...(foreign > 0 ? [`${counted(foreign, 'event')} stand in streams of somebody else.`] : []),
    ...(kinds.length > 0 ? [`Folded the streams: ${kinds.join(', ')}.`] : []),
    `Compared the rows: ${Object.entries(rows)
      .map(([table, count]) => `${count.toLocaleString('en')} of ${table}`)
      .join(', ')}.`,
    '',
  ];
  if (differences.length === 0) return [...lines, 'Everything is as the log says.'].join('\n');
  for (const [check, found] of byCheck(differences)) {
    lines.push(`✗ ${ruleOf(check)} (${check}): ${counted(found.length, 'difference')}`);
    for (const difference of found) lines.push(...described(difference));
    lines.push('');
  }
  return [...lines, `${counted(differences.length, 'difference')}.`].join('\n');
}

/** The result for programs. Positions are texts, for they may exceed what a JSON number holds. */
export function asJson({ differences, ...verification }: Verification): string {
  const eventsPerSecond = Math.round((verification.events * 1_000) / Math.max(1, verification.readMs));
  return JSON.stringify(
    { ok: differences.length === 0, ...verification, eventsPerSecond, differences },
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  );
}

function described({ where, text, ...values }: Difference): readonly string[] {
  const line = `  ${where}: ${text}`;
  if (!('expected' in values) && !('found' in values)) return [line];
  return [line, `    expected ${shown(values.expected)}`, `    found    ${shown(values.found)}`];
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const ruleOf = (check: string): string => [...CHECKS, ...COMPARISONS].find(({ name }) => name === check)?.rule ?? check;

function byCheck(differences: readonly Difference[]): ReadonlyMap<string, readonly Difference[]> {
  const grouped = new Map<string, Difference[]>();
  for (const difference of differences) {
    const known = grouped.get(difference.check);
    if (known) known.push(difference);
    else grouped.set(difference.check, [difference]);
  }
  return grouped;
}
