import { createInterface } from 'node:readline/promises';
import Table from 'cli-table3';
import { StartupError } from '../startupError.js';

/** Rows under their headings, for people; as wide as they need to be. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const printed = new Table({ head: [...head], style: { head: [], border: [] } });
  printed.push(...rows.map((row) => [...row]));
  return printed.toString();
}

/** `1 event`, `2 events`, `12,345 events`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** One line of at most so many characters; what is longer ends in an ellipsis. */
export const short = (text: string, most: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
};

/**
 * Asks before something is lost. At a terminal a person answers; elsewhere only `--yes` counts.
 * @throws StartupError when nobody agreed
 */
export async function confirmLoss(loss: string, yes: boolean | undefined): Promise<void> {
  console.log(loss);
  if (yes) return;
  if (!process.stdin.isTTY) throw new StartupError('nothing was discarded: say --yes to agree');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Discard for good? [y/N] ').finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new StartupError('nothing was discarded');
}
