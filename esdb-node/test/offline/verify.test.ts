import { open as openFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { open } from 'lmdb';
import { startNode } from '../../src/index.js';
import { Scavenger } from '../../src/log/scavenger.js';
import type { Report } from '../../src/offline/report.js';
import { verifyFolder } from '../../src/offline/verify.js';
import { DataFolderError } from '../../src/storage/dataFolder.js';
import { META, headValue, nameKey, positionKey, sealed } from '../../src/storage/format.js';
import { StreamIndex } from '../../src/storage/streamIndex.js';
import type { Table, Tables } from '../../src/storage/tables.js';
import { failureOf } from '../support/events.js';
import { contents } from './contents.js';
import { fingerprint, onLog, tamper, withFolders, writeLog } from './logs.js';

/** Bytes that are flipped, each in a copy of its own. */
const FLIPS = Number(process.env['ESDB_FLIPS'] ?? 12);

const keysOf = (table: Table): Buffer[] => [...table.getKeys({})];
const middle = (table: Table): Buffer => {
  const keys = keysOf(table);
  return keys[Math.floor(keys.length / 2)] as Buffer;
};

/** Takes an event out of a log, and out of its index. */
const forget = ({ records, index }: Tables, streamId: number, revision: number): void => {
  const streams = new StreamIndex(index);
  const place = streams.at(streamId, revision);
  for (const entry of streams.without(streamId, new Set([revision]))) streams.replace(entry);
  void records.remove(positionKey(place?.position as number));
};

/** The report on a log that was changed behind its back. */
const after = async (change: (tables: Tables) => void): Promise<Report> => {
  let report: Report | undefined;
  await withFolders(async (folder) => {
    await writeLog(folder);
    await tamper(folder, change);
    report = await verifyFolder(folder);
  });
  return report as Report;
};

describe('the check of a data folder', () => {
  it('finds nothing wrong with a log that has one of everything', () =>
    withFolders(async (folder) => {
      await writeLog(folder);
      const { events, streams, problems } = await verifyFolder(folder);
      expect(problems).to.deep.equal([]);
      // six streams twice and one stream once in 40 rounds, three metadata events, a tombstone
      expect(events).to.equal(40 * 13 + 4);
      expect(streams).to.equal(6 + 40 + 3);
    }));

  it('knows what scavenges have removed from what is missing', () =>
    withFolders(async (folder) => {
      await writeLog(folder, 40, false);
      const faults: unknown[] = [];
      await onLog(folder, async (log, storage) => {
        const done = new Promise<void>((resolve) => {
          log.onAppend(undefined, () => {
            const [last] = log.reader.all(log.reader.end(), 1, 'backwards');
            if (last?.bytes.includes('$scavengeCompleted')) resolve();
          });
        });
        new Scavenger(log, storage, (fault) => faults.push(fault)).start();
        await done;
      });
      const { events, problems } = await verifyFolder(folder);
      expect(faults).to.deep.equal([]);
      expect(problems).to.deep.equal([]);
      expect(events).to.be.lessThan(40 * 13 + 4);
      await tamper(folder, (tables) => forget(tables, 1, 4));
      expect((await verifyFolder(folder)).problems[0]).to.match(/events are missing, and scavenges have removed/);
    }));

  it('tells an event whose bytes are not those that were written', async () => {
    const { problems } = await after(({ records }) => {
      const place = middle(records);
      const value = Buffer.from(records.get(place) as Buffer);
      const last = value.length - 5;
      value[last] = (value[last] as number) ^ 1;
      void records.put(place, value);
    });
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]).to.contain('does not have the bytes that were written');
  });

  it('tells an event that cannot be decoded', async () => {
    const { problems } = await after(({ records }) => {
      const [place, another] = [middle(records), keysOf(records)[9] as Buffer];
      void records.put(place, sealed(Buffer.from('?')));
      void records.put(another, sealed((records.get(another) as Buffer).subarray(0, 60)));
    });
    expect(problems.filter((problem) => problem.includes('cannot be decoded'))).to.have.lengthOf(2);
  });

  it('tells an event that the index does not know', async () => {
    const { problems } = await after(({ index }) => void index.remove(middle(index)));
    expect(problems).to.not.have.lengthOf(0);
    for (const problem of problems) expect(problem).to.contain('is not where the index has revision');
  });

  it('tells an entry of the index that has no event', async () => {
    const { problems } = await after(({ records }) => void records.remove(middle(records)));
    expect(problems).to.contain('the index knows 1 events that are not there');
    expect(problems.join()).to.contain('are missing');
  });

  it('tells a stream that has a gap, and where', async () => {
    const { problems } = await after((tables) => forget(tables, 1, 5));
    expect(problems).to.deep.equal([
      '1 events are missing, and scavenges have removed 0',
      'revisions 5 to 5 of "a" are missing',
    ]);
  });

  it('tells a stream that ends elsewhere than its head says', async () => {
    const { problems } = await after(({ heads }) => {
      void heads.put(nameKey('a'), headValue({ id: 1, lastRevision: 99 }));
    });
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]).to.match(/stream number 1 ends with revision \d\d, but its head says 99/);
  });

  it('tells streams that share a number, and a head that is lost', async () => {
    const shared = await after(({ heads }) => {
      void heads.put(nameKey('a'), headValue({ id: 2, lastRevision: 79 }));
    });
    expect(shared.problems).to.contain('two streams have the number 2');
    const lost = await after(({ heads }) => void heads.remove(nameKey('a')));
    expect(lost.problems[0]).to.contain('the next one would get the number');
    expect(lost.problems.join()).to.contain('belongs to "a", a stream that has no head');
  });

  it('tells a log that is said to end before it does', async () => {
    const { problems } = await after(({ meta }) => void meta.put(META.end, positionKey(5)));
    expect(problems[0]).to.contain('the log is said to end at 5');
  });

  it('looks at no folder that a node uses, that is not there, or that holds no log', () =>
    withFolders(async (folder) => {
      expect((await failureOf(verifyFolder(folder))).message).to.contain('there is no folder');
      await mkdir(folder);
      expect((await failureOf(verifyFolder(folder))).message).to.contain('there is no log');
      const node = await startNode({ storage: 'lmdb', data: folder });
      expect((await failureOf(verifyFolder(folder))).message).to.contain('in use');
      await node.stop();
    }));
});

describe('a folder that is no sound log', () => {
  it('of a newer format is refused by all, and stays as it is', () =>
    withFolders(async (folder) => {
      await writeLog(folder, 2);
      await tamper(folder, ({ meta }) => void meta.put(META.format, positionKey(99)));
      const before = await fingerprint(folder);
      for (const attempt of [() => startNode({ storage: 'lmdb', data: folder }), () => verifyFolder(folder)]) {
        const error = await failureOf(attempt());
        expect(error).to.be.instanceOf(DataFolderError);
        expect(error.message).to.contain('has format 99, this version knows 2');
      }
      expect(await fingerprint(folder)).to.equal(before);
    }));

  it('but another program’s LMDB file is refused, and stays as it is', () =>
    withFolders(async (folder) => {
      const foreign = open({ path: folder, noSubdir: false, maxDbs: 8 });
      await foreign.openDB({ name: 'records' }).put('key', 'value');
      await foreign.openDB({ name: 'customers' }).put('key', 'value');
      await foreign.close();
      const before = await fingerprint(folder);
      const error = await failureOf(startNode({ storage: 'lmdb', data: folder }));
      expect(error).to.be.instanceOf(DataFolderError);
      expect(error.message).to.contain('no log');
      expect((await verifyFolder(folder)).problems[0]).to.contain('no log');
      expect(await fingerprint(folder)).to.equal(before);
    }));

  it('but holds any other file of that name is refused, and stays as it is', () =>
    withFolders(async (folder) => {
      await mkdir(folder);
      for (const text of ['short', 'this is no log, '.repeat(2000)]) {
        await writeFile(join(folder, 'data.mdb'), text);
        expect(await failureOf(startNode({ storage: 'lmdb', data: folder }))).to.be.instanceOf(DataFolderError);
        expect((await verifyFolder(folder)).problems[0]).to.contain('is no log');
        expect((await stat(join(folder, 'data.mdb'))).size).to.equal(text.length);
      }
    }));

  it('because it was cut off by a little is refused, or has all its events as before', () =>
    withFolders(async (folder) => {
      await writeLog(folder, 12);
      const path = join(folder, 'data.mdb');
      const sound = await contents(folder);
      const { size } = await stat(path);
      for (let left = size - 4096; left > size - 6 * 4096; left -= 4096) {
        await truncate(path, left);
        const { problems } = await verifyFolder(folder);
        if (problems.length === 0) expect(await contents(folder)).to.equal(sound);
        else expect(await failureOf(startNode({ storage: 'lmdb', data: folder }))).to.be.instanceOf(DataFolderError);
      }
    }));

  it('because it was cut off anywhere is refused, and stays as it is', () =>
    withFolders(async (folder) => {
      await writeLog(folder);
      const path = join(folder, 'data.mdb');
      const { size } = await stat(path);
      for (const left of [Math.floor(size / 2), 20_480, 8192, 5000, 100]) {
        await truncate(path, left);
        const before = await fingerprint(folder);
        expect(await failureOf(startNode({ storage: 'lmdb', data: folder })), `${left} bytes`).to.be.instanceOf(
          DataFolderError,
        );
        expect((await verifyFolder(folder)).problems[0], `${left} bytes`).to.contain('damaged');
        expect(await fingerprint(folder)).to.equal(before);
      }
    }));

  it(`because one byte was flipped is found, or has all its events as before (${FLIPS} bytes)`, function () {
    this.timeout(20_000 + FLIPS * 2000);
    return withFolders(async (folder) => {
      await writeLog(folder, 12);
      const path = join(folder, 'data.mdb');
      const { size } = await stat(path);
      const sound = await contents(folder);
      const file = await openFile(path, 'r+');
      const flip = async (at: number): Promise<void> => {
        const byte = Buffer.alloc(1);
        await file.read(byte, 0, 1, at);
        byte[0] = (byte[0] as number) ^ 0x10;
        await file.write(byte, 0, 1, at);
      };
      let found = 0;
      for (let k = 0; k < FLIPS; k += 1) {
        const at = Math.floor(((k + 0.5) * size) / FLIPS) + ((k * 7919) % 97);
        await flip(at);
        const { problems } = await verifyFolder(folder);
        if (problems.length > 0) found += 1;
        else expect(await contents(folder), `byte ${at}`).to.equal(sound);
        await flip(at);
      }
      await file.close();
      expect(found).to.be.greaterThan(0);
      expect(await contents(folder)).to.equal(sound);
    });
  });
});
