import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { verifyFolder } from '../../src/offline/verify.js';
import { withFolders } from '../offline/logs.js';
import { collect, numbers, several } from '../support/events.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly complained: string;
}

/** A command, run to its end. */
const run = async (...args: string[]): Promise<Ended> => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, said, complained };
};

/** A node that runs until it is told to stop. */
const start = async (...args: string[]): Promise<{ readonly child: ChildProcess; readonly connection: string }> => {
  const child = spawn(process.execPath, [cli, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, connection: /esdb:\/\/\S+?tls=false/.exec(line)?.[0] ?? line };
};

describe('the command line', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`runs a node until ${signal}, which it stops on cleanly, with everything on the disk`, () =>
      withFolders(async (folder) => {
        const first = await start('--data', folder);
        const client = EventStoreDBClient.connectionString(first.connection);
        await client.appendToStream('s', several(3));
        const dead = once(first.child, 'exit');
        first.child.kill(signal);
        expect(await dead).to.deep.equal([0, null]);
        await client.dispose();
        expect((await verifyFolder(folder)).problems).to.deep.equal([]);

        const second = await start('--data', folder);
        const again = EventStoreDBClient.connectionString(second.connection);
        expect(numbers(await collect(again.readStream('s')))).to.deep.equal([0, 1, 2]);
        await again.dispose();
        const over = once(second.child, 'exit');
        second.child.kill(signal);
        await over;
      }));
  }

  it('says what it can do, and which version it is', async () => {
    const { code, said } = await run('--help');
    expect(code).to.equal(0);
    for (const word of ['--port', '--data', '--memory', '--projections', '--tls-cert', '--users', 'verify', 'backup']) {
      expect(said).to.contain(word);
    }
    expect((await run('--version')).said).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('refuses what makes no sense in one line, and starts nothing', async function () {
    this.timeout(60_000);
    for (const [args, words] of [
      [['--port', '70000'], 'a port is 0 to 65535'],
      [['--port', ''], 'a port is 0 to 65535'],
      [['--memory', '--data', 'somewhere'], "'--memory' cannot be used with option '--data <folder>'"],
      [['--data', '/proc/somewhere'], 'the folder /proc/somewhere cannot be made'],
      [['backup', '--data', 'somewhere', '--to', 'elsewhere'], 'there is no log in somewhere'],
      [['--nonsense'], 'unknown option'],
      [['restore'], 'too many arguments'],
      [['backup', '--data', 'somewhere'], "required option '--to <folder>' not specified"],
      [['--memory', '--tls-cert', 'cert.pem'], '--tls-cert and --tls-key go together'],
    ] as const) {
      const { code, complained } = await run(...args);
      expect(code, args.join(' ')).to.equal(1);
      expect(complained).to.contain(words);
      expect(complained.trim().split('\n')).to.have.lengthOf(1);
    }
  });
});
