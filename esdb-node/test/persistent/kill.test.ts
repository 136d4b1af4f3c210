import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, StreamNotFoundError } from '@eventstore/db-client';
import { expect } from 'chai';
import { collect, freshStream, several } from '../support/events.js';
import { GROUP, connect, settings } from './group.js';

const EVENTS = 300;
/** Deliveries before the kill, a round each. */
const KILLED_AFTER = [40, 113, 207];

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

const run = async (data: string): Promise<{ child: ChildProcess; client: EventStoreDBClient }> => {
  const args = [cli, '--port', '0', '--data', data, '--projections', 'off'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('the node has no output');
  const said = once(createInterface(child.stdout), 'line');
  const [line] = (await Promise.race([said, once(child, 'exit').then(() => ['nothing'])])) as [string];
  const connection = /esdb:\/\/\S+?tls=false/.exec(line)?.[0];
  if (connection === undefined) throw new Error(`the node said: ${line}`);
  return { child, client: EventStoreDBClient.connectionString(connection) };
};

const isHeld = (n: number): boolean => n % 7 === 0;
const isParked = (n: number): boolean => !isHeld(n) && n % 3 === 0;

/** The numbers of the events that are parked. */
const parkedIn = async (client: EventStoreDBClient, stream: string): Promise<number[]> => {
  try {
    const name = `$persistentsubscription-${stream}::${GROUP}-parked`;
    const links = await collect(client.readStream(name, { resolveLinkTos: true }));
    return links.map(({ event }) => (event?.data as { n: number }).n);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
};

describe('persistent subscriptions of a node that is killed', function () {
  this.timeout(60_000);
  let data: string;
  let running: { child: ChildProcess; client: EventStoreDBClient } | undefined;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'esdb-persistent-kill-'));
  });
  afterEach(async () => {
    await running?.client.dispose();
    running?.child.kill('SIGKILL');
    running = undefined;
    await rm(data, { recursive: true, force: true });
  });

  for (const deliveries of KILLED_AFTER) {
    it(`give again whatever was not acked or parked, killed after ${deliveries} deliveries`, async () => {
      running = await run(data);
      const stream = freshStream();
      await running.client.appendToStream(stream, several(EVENTS));
      const eager = settings({ checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 5 });
      await running.client.createPersistentSubscriptionToStream(stream, GROUP, eager);
      const consumer = await connect(running.client, stream, { bufferSize: 100 });
      const acked = new Set<number>();
      let answered = 0;
      await consumer.until(({ numbers }) => {
        for (; answered < numbers.length; answered += 1) {
          const n = numbers[answered] as number;
          if (isParked(n)) void consumer.nack('park', answered).catch(() => undefined);
          else if (!isHeld(n)) {
            acked.add(n);
            void consumer.ack(answered).catch(() => undefined);
          }
        }
        return answered >= deliveries;
      });
      const exit = once(running.child, 'exit');
      running.child.kill('SIGKILL');
      await exit;
      await running.client.dispose();

      running = await run(data);
      const { client } = running;
      const again = await connect(client, stream, { bufferSize: EVENTS });
      const parked = await parkedIn(client, stream);
      const accounted = (): Set<number> => new Set([...acked, ...parked, ...again.numbers]);
      await again.until(() => accounted().size === EVENTS);
      expect(again.numbers).to.include.members(Array.from({ length: EVENTS }, (_, n) => n).filter(isHeld));
      await again.leave();
    });
  }
});
