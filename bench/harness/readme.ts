import { readFile, writeFile } from 'node:fs/promises';
import { type Figure, verdicts } from './figure.js';
import { besides, comparisonText, headingOf, type Report, shown } from './report.js';

const BLOCKS = { goals: goalTable, figures: figureTable, machine: headingOf } as const;

/**
 * Writes the figures of a run into the page: between `<!-- NAME -->` and `<!-- /NAME -->` for each of the three blocks. Figures
 * that the run did not take stay as they are only as long as they stand outside the blocks.
 * @throws when a block is missing
 */
export async function writeReadme(page: URL, report: Report): Promise<void> {
  let text = await readFile(page, 'utf8');
  for (const [name, render] of Object.entries(BLOCKS)) {
    const block = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
    if (!block.test(text)) throw new Error(`bench/README.md has no block ${name}`);
    const content = render(report);
    text = text.replace(block, (_all, begin: string, end: string) => `${begin}${content}\n${end}`);
  }
  await writeFile(page, text);
}

function goalTable({ figures }: Report): string {
  const rows = figures.flatMap((figure) =>
    verdicts(figure).map(
      ({ goal, value, reached }) =>
        `| ${figure.case} | ${figure.what} | ${goal.text} | ${shown(value)} | ${reached ? 'reached' : '**not reached**'} |`,
    ),
  );
  return ['| case | what | goal | measured | |', '|---|---|---|---|---|', ...rows].join('\n');
}

function figureTable({ figures }: Report): string {
  const row = (figure: Figure): string =>
    [
      '',
      figure.case,
      besides(figure) === '' ? figure.what : `${figure.what} (${besides(figure)})`,
      `${shown(figure.median)} ${figure.unit} ± ${Math.round(figure.spread)} %`,
      figure.p99 === undefined ? '' : shown(figure.p99),
      figure.comparisons.map(comparisonText).join('; '),
      '',
    ].join(' | ');
  return [
    '| case | what | median | p99 ms | compared |',
    '|---|---|---|---|---|',
    ...figures.map((figure) => row(figure).trim()),
  ].join('\n');
}
