import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { verifyFolder } from '../../src/offline/verify.js';
import { withFolders } from '../offline/logs.js';
import { collect, failureOf } from '../support/events.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** The largest file that the node may write, KiB: stands for a disk that is full. */
const LIMIT = 400;
const filling = 'x'.repeat(10_000);

describe('a node whose disk takes no more', () => {
  // the limit is the shell's, and its unit differs elsewhere
  if (platform() !== 'linux') return;

  it('refuses appends, loses none that it has acknowledged, and goes on serving reads', () =>
    withFolders(async (folder) => {
      const command = `ulimit -f ${LIMIT}; exec "${process.execPath}" "${cli}" --port 0 --projections off --data "${folder}"`;
      const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
      const complaints = text(child.stderr);
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const connection = /esdb:\S+tls=false/.exec(line)?.[0] ?? line;
      const client = EventStoreDBClient.connectionString(connection);
      // one by one: what is answered with an error was not stored
      const append = (): Promise<unknown> =>
        client.appendToStream('s', jsonEvent({ type: 'Counted', data: { filling } }), {
          credentials: { username: 'admin', password: 'changeit' },
        });
      let stored = 0;
      const fill = async (): Promise<void> => {
        for (; stored < LIMIT; stored += 1) await append();
      };
      expect(await failureOf(fill())).to.have.property('type', 'unknown');
      await failureOf(append());
      expect(stored).to.be.greaterThan(0);
      expect(await collect(client.readStream('s'))).to.have.lengthOf(stored);
      await client.dispose();
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await over).to.deep.equal([0, null]);
      expect(await complaints).to.contain('the log cannot be written any more');
      const { events, problems } = await verifyFolder(folder);
      expect(problems).to.deep.equal([]);
      expect(events).to.equal(stored);
    }));
});
