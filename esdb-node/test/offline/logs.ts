import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLog } from '../../src/log/eventLog.js';
import { ANY } from '../../src/log/expected.js';
import type { ProposedEvent } from '../../src/log/expected.js';
import { openLmdb } from '../../src/storage/lmdb.js';
import type { Storage } from '../../src/storage/storage.js';
import type { Tables } from '../../src/storage/tables.js';
import { openTables } from '../../src/storage/tables.js';

/** Folders of one test, gone after it. */
export const withFolders = async (what: (folder: string, another: string) => Promise<void>): Promise<void> => {
  const root = await mkdtemp(join(tmpdir(), 'esdb-offline-'));
  try {
    await what(join(root, 'log'), join(root, 'copy'));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

const proposed = (n: number): ProposedEvent => ({
  id: randomUUID(),
  type: 'Happened',
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify({ n, text: 'x'.repeat((n * 37) % 400) })),
  customMetadata: Buffer.alloc(0),
});

const metadata = (fields: object): ProposedEvent => ({
  ...proposed(0),
  type: '$metadata',
  data: Buffer.from(JSON.stringify(fields)),
});

/** Opens the log of a folder, and closes it afterwards. */
export const onLog = async (
  folder: string,
  what: (log: EventLog, storage: Storage) => Promise<void>,
): Promise<void> => {
  // the index falls behind by a few events only, so that a log has both kinds
  const storage = await openLmdb(folder, { unindexed: 50 });
  const log = new EventLog(storage);
  try {
    await what(log, storage);
  } finally {
    await log.close();
  }
};

/** A log with one of everything: many streams, long names, metadata, a soft delete, a tombstone, an empty append. */
export const writeLog = (folder: string, rounds = 40, tombstone = true): Promise<void> =>
  onLog(folder, async (log) => {
    for (let n = 0; n < rounds; n += 1) {
      await Promise.all(
        ['a', 'b', 'tombstoned', 'deleted', 'žluť', 'long'.repeat(300)].map((name) =>
          log.append(name, ANY, [proposed(n), proposed(n + 1)]),
        ),
      );
      await log.append(`short-${n}`, ANY, [proposed(n)]);
    }
    await log.append('$$b', ANY, [metadata({ $maxCount: 3 })]);
    await log.append('$$tombstoned', ANY, [metadata({ $maxCount: 3 })]);
    await log.append('a', ANY, []);
    await log.softDelete('deleted', ANY);
    if (tombstone) await log.tombstone('tombstoned', ANY);
  });

/** Changes the tables of a log behind its back. */
export const tamper = async (folder: string, change: (tables: Tables) => void): Promise<void> => {
  const tables = await openTables(folder, { readOnly: false });
  await tables.root.batch(() => change(tables));
  await tables.root.close();
};

/** What the file of a folder holds, to be compared. */
export const fingerprint = async (folder: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(folder, 'data.mdb')))
    .digest('hex');
