import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { TOMBSTONE, encodeRecorded } from '../../src/protocol/recorded.js';
import { DATA_FILE, DataFolderError } from '../../src/storage/dataFolder.js';
import { openLmdb } from '../../src/storage/lmdb.js';
import { MemoryStorage } from '../../src/storage/memory.js';
import type { Commit, NewRecord, Storage, StoredRecord, StreamEntry, StreamHead } from '../../src/storage/storage.js';
import { tamper, withFolders } from '../offline/logs.js';
import { failureOf } from '../support/events.js';

/** Few, so that the index is written often, and never knows everything. */
const UNINDEXED = 7;
const STREAMS = 5;
const nameOf = (stream: number): string => (stream === 0 ? 'long'.repeat(200) : `stream-${stream}`);

type Step =
  | { readonly kind: 'commit'; readonly appends: readonly (readonly [stream: number, events: number])[] }
  | { readonly kind: 'tombstone'; readonly stream: number }
  | { readonly kind: 'erase'; readonly every: number }
  | { readonly kind: 'reopen' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('commit' as const),
        appends: fc.array(fc.tuple(fc.nat(STREAMS - 1), fc.integer({ min: 1, max: 9 })), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('tombstone' as const), stream: fc.nat(STREAMS - 1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('erase' as const), every: fc.integer({ min: 2, max: 6 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  ),
  { maxLength: 25 },
);

/** Makes commits as the log's writer does: positions and revisions go on, a new stream gets the next number. */
class Appender {
  private readonly heads = new Map<string, StreamHead>();
  private end = 0;
  private nextStreamId = 1;
  readonly written: NewRecord[] = [];

  commit(appends: readonly (readonly [stream: number, events: number])[], revision?: number): Commit {
    const records: NewRecord[] = [];
    const heads = new Map<string, StreamHead>();
    for (const [stream, events] of appends) {
      const name = nameOf(stream);
      const before = this.heads.get(name);
      if (before?.lastRevision === TOMBSTONE) continue;
      const id = before?.id ?? this.nextStreamId++;
      let last = before?.lastRevision ?? -1;
      for (let k = 0; k < events; k += 1) {
        last = revision ?? last + 1;
        records.push(this.record(name, id, last));
      }
      this.heads.set(name, { id, lastRevision: last });
      heads.set(name, { id, lastRevision: last });
    }
    this.written.push(...records);
    return { records, heads, end: this.end, nextStreamId: this.nextStreamId };
  }

  private record(stream: string, streamId: number, revision: number): NewRecord {
    const bytes = encodeRecorded({
      id: '6c1f4a35-2d0e-4b1b-8a6f-0f6f0b0d3c11',
      stream,
      revision,
      position: this.end,
      type: 'Happened',
      contentType: 'application/json',
      created: 1_700_000_000_000,
      customMetadata: Buffer.alloc(0),
      data: Buffer.from(`{"n":${this.end}}`),
    });
    const record = { streamId, revision, position: this.end, bytes };
    this.end += bytes.length + 32;
    return record;
  }
}

/** Everything that a storage says when it is asked about everything, in several ways. */
const answers = (storage: Storage): unknown => {
  const plain = (found: readonly StoredRecord[]) =>
    found.map(({ position, bytes }) => `${position} ${bytes.toString('latin1')}`);
  const revised = (found: readonly StreamEntry[]) => [plain(found), found.map(({ revision }) => revision)];
  const streams = Array.from({ length: STREAMS }, (_, k) => storage.head(nameOf(k)));
  return {
    end: storage.end(),
    next: storage.nextStreamId(),
    streams,
    all: [
      plain(storage.all(0, 1000, 'forwards')),
      plain(storage.all(storage.end(), 1000, 'backwards')),
      plain(storage.all(700, 3, 'forwards')),
      plain(storage.all(700, 3, 'backwards')),
    ],
    each: streams.map((head) =>
      head
        ? [0, 1, 5, 8, 20, head.lastRevision].flatMap((from) => [
            storage.at(head.id, from)?.position,
            revised(storage.stream(head.id, from, 1000, 'forwards')),
            revised(storage.stream(head.id, from, 1000, 'backwards')),
            revised(storage.stream(head.id, from, 4, 'forwards')),
            revised(storage.stream(head.id, from, 4, 'backwards')),
          ])
        : [],
    ),
  };
};

describe('a log on LMDB', () => {
  it('answers as one in memory does, whatever is written, erased and opened again', async () => {
    await fc.assert(
      fc.asyncProperty(steps, (todo) =>
        withFolders(async (folder) => {
          const model = new MemoryStorage();
          const appender = new Appender();
          let storage = await openLmdb(folder, { unindexed: UNINDEXED });
          try {
            for (const step of todo) {
              if (step.kind === 'reopen') {
                await storage.close();
                storage = await openLmdb(folder, { unindexed: UNINDEXED });
              } else if (step.kind === 'erase') {
                const gone = appender.written.filter(
                  ({ position }) => model.has(position) && position % step.every === 0,
                );
                await Promise.all([model.erase(gone), storage.erase(gone)]);
              } else {
                const commit =
                  step.kind === 'commit'
                    ? appender.commit(step.appends)
                    : appender.commit([[step.stream, 1]], TOMBSTONE);
                await Promise.all([model.commit(commit), storage.commit(commit)]);
              }
              expect(answers(storage)).to.deep.equal(answers(model));
            }
          } finally {
            await storage.close();
          }
        }),
      ),
      { numRuns: 40 },
    );
  });

  it('refuses to open when an event that it must read again is damaged', () =>
    withFolders(async (folder) => {
      const appender = new Appender();
      const storage = await openLmdb(folder);
      await storage.commit(appender.commit([[1, 3]]));
      await storage.close();
      await tamper(folder, ({ records }) => {
        for (const { key, value } of records.getRange({ limit: 1 })) {
          void records.put(Buffer.from(key), Buffer.from(value).fill(0, 50, 60));
        }
      });
      let message = '';
      await openLmdb(folder).catch((error: Error) => (message = error.message));
      expect(message).to.contain('is damaged: so is its event at position 0');
      // and gives the folder back
      await openLmdb(folder).catch((error: Error) => (message = error.message));
      expect(message).to.contain('is damaged');
    }));

  it('says that the log is damaged when LMDB cannot make sense of its file', () =>
    withFolders(async (folder) => {
      const appender = new Appender();
      const storage = await openLmdb(folder);
      await storage.commit(appender.commit([[1, 3]]));
      await storage.close();
      await loseRecords(join(folder, DATA_FILE));
      const before = await readFile(join(folder, DATA_FILE));
      const error = await failureOf(openLmdb(folder));
      expect(error).to.be.instanceOf(DataFolderError);
      expect(error.message).to.contain(`the data folder ${folder} is damaged`);
      expect(before.equals(await readFile(join(folder, DATA_FILE)))).to.equal(true);
    }));
});

/** Sends whoever looks for the table of events to a page that is not there: in what LMDB calls `MDB_db` the root stands last. */
const loseRecords = async (path: string): Promise<void> => {
  const file = await readFile(path);
  const name = Buffer.from('records');
  for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) {
    const root = at + name.length + 1 + 40;
    if (root + 8 <= file.length && file.readBigUInt64LE(root) < 1000n) file.writeBigUInt64LE(2n ** 30n, root);
  }
  await writeFile(path, file);
};
