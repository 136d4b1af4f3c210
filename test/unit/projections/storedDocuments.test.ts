import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { order } from '../../../src/domain/order/index.js';
import { storedDocuments } from '../../../src/projections/documents/storedDocuments.js';
import type { Queryable } from '../../../src/subscriptions/ports/database.js';
import { recorded } from '../../support/projections.js';
import { servedOrder } from './histories.js';

const STREAM = 'order-1';
const events = recorded(STREAM, servedOrder());

/** A table of one row, and how often it was read. */
function oneRow() {
  const table = {
    reads: 0,
    row: undefined as { id: string; revision: number; state: unknown } | undefined,
    transaction: {
      query: (sql: string, params: readonly unknown[] = []) => {
        if (sql.startsWith('SELECT')) {
          table.reads += 1;
          return Promise.resolve({ rows: table.row ? [table.row] : [], rowCount: 1 });
        }
        const [id, revision, state] = params as readonly [string, number, string];
        if (revision > (table.row?.revision ?? -1)) table.row = { id, revision, state: JSON.parse(state) as unknown };
        return Promise.resolve({ rows: [], rowCount: 1 });
      },
    } as Queryable,
  };
  return table;
}

const documents = () =>
  storedDocuments({
    folding: order,
    stateVersion: order.stateVersion,
    table: 'orders',
    idOf: (stream) => stream,
    represent: (state, revision) => ({ revision, status: state.status }),
    columns: [],
    columnsOf: () => ({}),
  });

describe('documents that keep their state in their row', () => {
  it('read no row of a stream that begins, nor of one that they committed last', async () => {
    const [table, projection] = [oneRow(), documents()];
    for (const event of events) {
      await projection.project([event], table.transaction);
      projection.committed();
    }
    const expected = oneRow();
    await documents().project(events, expected.transaction);
    expect(table.row).to.deep.equal(expected.row);
    expect(table.reads).to.equal(0);
  });

  it('read the row where somebody else went on, and where what they projected was not committed', async () => {
    const [table, projection] = [oneRow(), documents()];
    const project = (from: number, to: number): Promise<void> =>
      projection.project(events.slice(from, to), table.transaction);
    await project(0, 2);
    projection.committed();
    await documents().project(events.slice(2, 3), table.transaction);
    expect(table.reads).to.equal(1);
    await project(3, 4);
    expect(table.reads).to.equal(2);
    await project(4, 5);
    expect(table.reads).to.equal(3);
    expect(table.row?.revision).to.equal(4);
  });

  it('leave a row that stands further on as it is, when a stream comes again from its beginning', async () => {
    const table = oneRow();
    await documents().project(events, table.transaction);
    const before: RecordedEvent[] = events.slice(0, 2);
    const reached = table.row;
    await documents().project(before, table.transaction);
    expect(table.row).to.deep.equal(reached);
  });
});
