import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventTypes } from '../../src/domain/events.js';
import { PROCESS_NAMES, processWants } from '../../src/processes/index.js';

const table = join(import.meta.dirname, '../../docs/reconciliation.md');
const namesIn = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** What the table says that each process reacts to. */
function named(): ReadonlyMap<string, readonly string[]> {
  const events = new Map<string, string[]>();
  for (const row of readFileSync(table, 'utf8').split('\n')) {
    if (!row.startsWith('| `')) continue;
    const [, process, types, lost] = row.split('|').map((cell) => cell.trim());
    const [name = ''] = namesIn(process);
    expect(lost, `${row} says what is lost`).not.to.equal('');
    events.set(name, [...(events.get(name) ?? []), ...namesIn(types)]);
  }
  return events;
}

describe('the table of what reconciliation finds', () => {
  const rows = named();

  it('names every process, and no other', () => {
    expect([...rows.keys()]).to.have.members(PROCESS_NAMES);
  });

  for (const process of PROCESS_NAMES) {
    it(`names each event that ${process} reacts to, once`, () => {
      const wanted = eventTypes.filter((type) => processWants(process)?.(type));
      expect(rows.get(process)).to.have.members(wanted);
    });
  }
});
