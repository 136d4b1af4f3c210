import Table from 'cli-table3';
import type { Figure } from './figure.js';
import { type Report, shown } from './report.js';

/**
 * What changed from an earlier run: every figure that both have, its median then and now, and its ratios to the references,
 * which say more: they were taken side by side within each run, whatever the machine was like.
 */
export function changes(before: Report, now: Report): string {
  const earlier = new Map(before.figures.map((figure) => [keyOf(figure), figure]));
  const table = new Table({
    head: ['case', 'what', 'before', 'now', 'change', 'ratios before → now', 'µs of processor before → now'],
    style: { head: [], border: [] },
  });
  for (const figure of now.figures) {
    const then = earlier.get(keyOf(figure));
    if (!then) continue;
    table.push([
      figure.case,
      figure.what,
      `${shown(then.median)} ${figure.unit}`,
      shown(figure.median),
      `${signed((figure.median / then.median - 1) * 100)} % ${beyondNoise(then, figure) ? '' : '(within the spread)'}`,
      figure.comparisons
        .map(({ to, ratio }) => {
          const old = then.comparisons.find((comparison) => comparison.to === to);
          return `${old ? shown(old.ratio) : '–'} → ${shown(ratio)} × ${to}`;
        })
        .join('\n'),
      Object.entries(figure.processor ?? {})
        .map(([name, us]) => `${name} ${shown(then.processor?.[name] ?? Number.NaN)} → ${shown(us)}`)
        .join('\n'),
    ]);
  }
  return table.toString();
}

const keyOf = (figure: Figure): string => `${figure.case}\n${figure.what}`;

const signed = (percent: number): string => `${percent >= 0 ? '+' : ''}${percent.toFixed(0)}`;

/** Whether the rounds of both lie apart altogether. */
const beyondNoise = (a: Figure, b: Figure): boolean =>
  Math.max(...a.rounds) < Math.min(...b.rounds) || Math.max(...b.rounds) < Math.min(...a.rounds);
