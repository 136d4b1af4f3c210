import { readFile, writeFile } from 'node:fs/promises';
import { SPANS } from '../cases/spans.js';
import { type Figure, verdicts } from './figure.js';
import { besides, comparisonText, headingOf, type Report, shown } from './report.js';

/**
 * Writes the figures of a run into the page, between `<!-- NAME -->` and `<!-- /NAME -->` for each block. Rows of cases that this
 * run did not measure stay as they are: each row says when and of what commit it was taken.
 * @throws when a block is missing
 */
export async function writeReadme(page: URL, report: Report): Promise<void> {
  let text = await readFile(page, 'utf8');
  const inBlock = (name: string, render: (before: string) => string): void => {
    const block = new RegExp(`(<!-- ${name} -->\\n)([^]*?)(<!-- /${name} -->)`);
    if (!block.test(text)) throw new Error(`bench/README.md has no block ${name}`);
    text = text.replace(
      block,
      (_all, begin: string, before: string, end: string) => `${begin}\n${render(before)}\n\n${end}`,
    );
  };
  const when = `${report.at.slice(0, 10)}, ${report.machine.commit}`;
  const figures = report.figures.filter((figure) => figure.case !== SPANS);
  const steps = report.figures.filter((figure) => figure.case === SPANS);
  inBlock('machine', () => headingOf(report));
  inBlock('goals', (before) =>
    merged(
      before,
      GOAL_HEAD,
      figures.flatMap((figure) => goalRows(figure, when)),
    ),
  );
  inBlock('figures', (before) =>
    merged(
      before,
      FIGURE_HEAD,
      figures.map((figure) => figureRow(figure, when)),
    ),
  );
  if (steps.length > 0) inBlock('spans', () => tableOf(SPAN_HEAD, steps.map(spanRow)));
  await writeFile(page, text);
}

type Cells = readonly string[];

const GOAL_HEAD = ['case', 'what', 'goal', 'measured', '', 'taken'];
const FIGURE_HEAD = ['case', 'what', 'median', 'p99 ms', 'compared', 'taken'];
const SPAN_HEAD = ['step', 'µs', 'share'];

const goalRows = (figure: Figure, when: string): readonly Cells[] =>
  verdicts(figure).map(({ goal, value, reached }) => [
    figure.case,
    figure.what,
    goal.text,
    shown(value),
    reached ? 'reached' : '**not reached**',
    when,
  ]);

const figureRow = (figure: Figure, when: string): Cells => [
  figure.case,
  besides(figure) === '' ? figure.what : `${figure.what} (${besides(figure)})`,
  `${shown(figure.median)} ${figure.unit} ± ${Math.round(figure.spread)} %`,
  figure.p99 === undefined ? '' : shown(figure.p99),
  figure.comparisons.map(comparisonText).join('; '),
  when,
];

const spanRow = ({ what, median, note }: Figure): Cells => [
  what,
  Math.round(median).toLocaleString('en-US'),
  note ?? '',
];

/** The table of before with the rows of each case replaced by its new ones, where it stood; new cases at the end. */
function merged(before: string, head: Cells, rows: readonly Cells[]): string {
  const old = before
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map(cellsOf);
  const measured = new Set(rows.map(([name]) => name));
  const placed = new Set<string | undefined>();
  const kept = old.flatMap((row) => {
    const [name] = row;
    if (!measured.has(name)) return [row];
    if (placed.has(name)) return [];
    placed.add(name);
    return rows.filter(([other]) => other === name);
  });
  return tableOf(head, [...kept, ...rows.filter(([name]) => !placed.has(name))]);
}

const cellsOf = (line: string): Cells =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const tableOf = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
