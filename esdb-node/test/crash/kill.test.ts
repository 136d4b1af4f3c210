import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, NO_STREAM, StreamNotFoundError, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { collect } from '../support/events.js';

/** How often the node is killed: `ESDB_KILLS=500 npx mocha …/kill.test.ts` for the long run. */
const KILLS = Number(process.env['ESDB_KILLS'] ?? 6);
/** Kills that one log goes through; then comes a new one, because each of them reads back everything that is there. */
const KILLS_OF_A_LOG = 100;
const STREAMS = 8;
/** Appends that are answered before the kill: a different number each time, so that it strikes at different moments. */
const answersBefore = (round: number): number => 20 + ((round * 37) % 150);

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly client: EventStoreDBClient;
}

const run = async (data: string): Promise<Running> => {
  const child = spawn(process.execPath, [cli, '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('the node has no output');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const connection = /esdb:\/\/\S+?tls=false/.exec(line)?.[0];
  if (connection === undefined) throw new Error(`the node said: ${line}`);
  return { child, client: EventStoreDBClient.connectionString(connection) };
};

/** What was acknowledged: event ids by stream, each at its revision. */
type Acknowledged = Map<string, string[]>;

/** Reads a stream back; checks that revisions are gapless and that appends are whole. */
const readBack = async (client: EventStoreDBClient, stream: string): Promise<string[]> => {
  try {
    const events = (await collect(client.readStream<JsonEvent>(stream))).map(({ event }) => event);
    expect(events.map((event) => Number(event?.revision))).to.deep.equal(events.map((_, k) => k));
    const bySize = new Map<string, { size: number; seen: number }>();
    for (const event of events) {
      const { append, size } = event?.data ?? { append: '', size: 0 };
      bySize.set(append, { size, seen: (bySize.get(append)?.seen ?? 0) + 1 });
    }
    for (const { size, seen } of bySize.values()) expect(seen).to.equal(size);
    return events.map((event) => event?.id ?? '');
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
};

interface JsonEvent {
  readonly type: 'Happened';
  readonly data: { readonly append: string; readonly size: number };
}

const eventsOfOneAppend = (size: number) => {
  const append = randomUUID();
  return Array.from({ length: size }, () =>
    jsonEvent({ id: randomUUID(), type: 'Happened' as const, data: { append, size } }),
  );
};

describe('a node that is killed while many write', function () {
  this.timeout(20_000 + Math.min(KILLS, KILLS_OF_A_LOG) * 20_000);

  const surviveKills = async (kills: number): Promise<void> => {
    const data = await mkdtemp(join(tmpdir(), 'esdb-kill-'));
    const streams = Array.from({ length: STREAMS }, (_, k) => `stream-${k}`);
    const known: Acknowledged = new Map(streams.map((stream) => [stream, []]));
    for (let round = 0; ; round += 1) {
      const { child, client } = await run(data);
      const dead = once(child, 'exit');
      for (const stream of streams) {
        const found = await readBack(client, stream);
        const acknowledged = known.get(stream) ?? [];
        expect(found.slice(0, acknowledged.length)).to.deep.equal(acknowledged);
        expect(new Set(found).size).to.equal(found.length);
        // an append that was on its way when the node died may be there, too: go on from what is
        known.set(stream, found);
      }
      if (round === kills) {
        await client.dispose();
        child.kill('SIGTERM');
        await dead;
        break;
      }
      let answered = 0;
      let over = false;
      const write = async (stream: string, k: number): Promise<void> => {
        const ids = known.get(stream) ?? [];
        while (!over) {
          const events = eventsOfOneAppend(1 + (ids.length % 3));
          const expectedRevision = ids.length === 0 ? NO_STREAM : BigInt(ids.length - 1);
          const credentials = { username: 'admin', password: 'changeit' };
          await client.appendToStream(stream, events, { expectedRevision, ...(k % 2 ? { credentials } : {}) });
          ids.push(...events.map(({ id }) => id));
          answered += 1;
          if (answered === answersBefore(round)) {
            over = true;
            child.kill('SIGKILL');
          }
        }
      };
      // writers whose answer never comes fail or hang: the node is dead
      await Promise.race([Promise.all(streams.map((stream, k) => write(stream, k).catch(() => dead))), dead]);
      await dead;
      void client.dispose();
    }
    await rm(data, { recursive: true, force: true });
  };

  for (let killed = 0; killed < KILLS; killed += KILLS_OF_A_LOG) {
    const last = Math.min(killed + KILLS_OF_A_LOG, KILLS);
    it(`has every acknowledged event after each of the kills ${killed + 1} to ${last}, once, and no half append`, () =>
      surviveKills(last - killed));
  }
});
