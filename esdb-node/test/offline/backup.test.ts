import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { startNode, startNodeInWorker } from '../../src/index.js';
import { backupFolder } from '../../src/offline/backup.js';
import { verifyFolder } from '../../src/offline/verify.js';
import { collect, failureOf, numbered, numbers } from '../support/events.js';
import { contents } from './contents.js';
import { withFolders, writeLog } from './logs.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const run = promisify(execFile);

describe('the backup of a data folder', () => {
  for (const compact of [false, true]) {
    it(`${compact ? 'without its free space ' : ''}verifies, and holds what the log holds`, () =>
      withFolders(async (folder, copy) => {
        await writeLog(folder);
        await backupFolder(folder, copy, { compact });
        const { problems, events } = await verifyFolder(copy);
        expect(problems).to.deep.equal([]);
        expect(events).to.equal(40 * 13 + 4);
        expect(await contents(copy)).to.equal(await contents(folder));
      }));

    it(`${compact ? 'without its free space ' : ''}is one moment of a log that is written meanwhile, and a node runs on it`, () =>
      withFolders(async (folder, copy) => {
        await writeLog(folder);
        const node = await startNodeInWorker({ storage: 'lmdb', data: folder, projections: 'off' });
        const client = EventStoreDBClient.connectionString(node.connectionString);
        let acknowledged = 0;
        let over = false;
        const writers = Promise.all(
          ['w0', 'w1', 'w2', 'w3'].map(async (stream) => {
            for (let n = 0; !over; n += 1) {
              await client.appendToStream(stream, numbered(n));
              acknowledged += 1;
            }
          }),
        );
        await client.appendToStream('before', numbered(1));
        await backupFolder(folder, copy, { compact });
        const later = acknowledged;
        over = true;
        await writers;
        await client.dispose();
        await node.stop();
        expect((await verifyFolder(copy)).problems).to.deep.equal([]);
        expect((await verifyFolder(folder)).problems).to.deep.equal([]);

        const restored = await startNode({ storage: 'lmdb', data: copy, projections: 'off' });
        const reader = EventStoreDBClient.connectionString(restored.connectionString);
        expect(numbers(await collect(reader.readStream('before')))).to.deep.equal([1]);
        const copied = await collect(reader.readAll({ maxCount: 100_000 }));
        expect(copied.length).to.be.greaterThan(40 * 13 + 4);
        expect(copied.length).to.be.lessThanOrEqual(40 * 13 + 5 + later + 4);
        await reader.appendToStream('after', numbered(2));
        await reader.dispose();
        await restored.stop();
      }));
  }

  it('overwrites nothing, copies nothing where there is no log, and leaves nothing behind when it fails', () =>
    withFolders(async (folder, copy) => {
      expect((await failureOf(backupFolder(folder, copy))).message).to.contain('there is no log');
      await writeLog(folder, 2);
      await mkdir(copy);
      await writeFile(join(copy, 'precious'), '');
      expect((await failureOf(backupFolder(folder, copy))).message).to.contain('is not empty');
      const given = new AbortController();
      const other = join(dirname(copy), 'other');
      const copying = backupFolder(folder, other, { signal: given.signal });
      given.abort(new Error('given up'));
      expect((await failureOf(copying)).message).to.equal('given up');
      expect((await readdir(dirname(copy))).sort()).to.deep.equal(['copy', 'log']);
      expect(await readdir(copy)).to.deep.equal(['precious']);
    }));

  it('and the check are commands, which say how they ended by their exit codes', () =>
    withFolders(async (folder, copy) => {
      await writeLog(folder, 2);
      const backup = await run(process.execPath, [cli, 'backup', '--data', folder, '--to', copy]);
      expect(backup.stdout).to.contain(`${folder} is copied to ${copy}`);
      const verify = await run(process.execPath, [cli, 'verify', '--data', copy]);
      expect(verify.stdout).to.contain('30 events in 11 streams, nothing is wrong');
      await writeFile(join(copy, 'data.mdb'), 'something else');
      const failed = (await failureOf(run(process.execPath, [cli, 'verify', '--data', copy]))) as Error & {
        code: number;
        stdout: string;
      };
      expect(failed.code).to.equal(1);
      expect(failed.stdout).to.contain('is damaged').and.contain('1 problem');
      const again = (await failureOf(
        run(process.execPath, [cli, 'backup', '--data', folder, '--to', copy]),
      )) as Error & { code: number; stderr: string };
      expect(again.code).to.equal(1);
      expect(again.stderr).to.contain('is not empty');
    }));
});
