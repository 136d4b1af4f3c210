import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const table = join(import.meta.dirname, '../integration/races/README.md');
/** A test as the table names it: the file that it is in, and its title or the beginning of it. */
const NAMED = /\]\(([^)]+\.test\.ts)\): "([^"]+)"/g;

describe('the table of races', () => {
  const rows = readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| What'));

  for (const row of rows) {
    const [, race = ''] = row.split('|').map((cell) => cell.trim());
    it(`names tests that there are: ${race}`, () => {
      const named = [...row.matchAll(NAMED)];
      expect(named).not.to.be.empty;
      expect(row.split(': "').length - 1, 'each of them can be read').to.equal(named.length);
      for (const [, file = '', title = ''] of named) {
        const titles = readFileSync(join(dirname(table), file), 'utf8').replaceAll("\\'", "'");
        expect(
          ["'", '"', '`'].some((quote) => titles.includes(`(${quote}${title}`)),
          `${file} has no test "${title}"`,
        ).to.equal(true);
      }
    });
  }
});
