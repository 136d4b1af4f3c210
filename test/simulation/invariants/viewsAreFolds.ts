import { categoryOf } from '../../../src/domain/kernel/streams.js';
import { readModels } from '../../../src/main/roles/projections.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

const noFolds = (): never => {
  throw new Error('nobody folds to describe a table');
};
// every read model that the program has, described by itself
const TABLES = readModels({ at: noFolds, latest: noFolds } satisfies Folds, 1).flatMap(({ tables }) => tables);

/** A row of a read model is the fold of its stream up to the row's revision; at rest, up to the stream's end. */
export function viewsAreFolds(): Invariant {
  const name = 'every row of a read model is the fold of its stream';
  const streams = new Map<string, string>();
  return {
    name,
    stored: ({ stream, revision }) => {
      if (revision > 0) return;
      for (const { table, category, idOf } of TABLES) {
        if (categoryOf(stream) === category) streams.set(`${table}/${idOf(stream)}`, stream);
      }
    },
    watches: new Set(TABLES.map(({ table }) => table)),
    committed: (table, { id, revision, view }, histories) => {
      const known = TABLES.find((candidate) => candidate.table === table);
      if (!known) return;
      const stream = streams.get(`${table}/${String(id)}`) ?? '';
      const at = revision as number;
      const expected = known.rowOf(stream, { state: histories.at(stream, at), revision: at })?.view;
      if (view !== expected) {
        throw new Violation(name, `${table} ${String(id)}@${at}: ${String(view)}, not ${String(expected)}`);
      }
    },
    atRest: ({ database, histories }: Installation) => {
      for (const { table, category, idOf, rowOf } of TABLES) {
        const rows = new Map(database.committed(table).map((row) => [row.id, row.revision]));
        for (const stream of histories.streams) {
          if (categoryOf(stream) !== category) continue;
          const head = histories.revisionOf(stream);
          const at = rows.get(idOf(stream));
          // what stands there was compared when it was committed
          if (at === head) continue;
          if (rowOf(stream, { state: histories.at(stream, head), revision: head }))
            throw new Violation(name, `${table}: ${stream} stands at ${String(at)}, its stream at ${head}`);
        }
      }
    },
  };
}
