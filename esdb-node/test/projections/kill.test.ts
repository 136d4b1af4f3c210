import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import { expect } from 'chai';
import { collect, several } from '../support/events.js';
import { until } from '../support/poll.js';
import { RawCalls } from '../support/rawCalls.js';

const { StartScavengeReq, ScavengeResp } = operations;

/** How often the node is killed: `ESDB_KILLS=100 npx mocha …` for the long run. */
const KILLS = Number(process.env['ESDB_KILLS'] ?? 4);
const WRITERS = 4;
/** Appends that are answered before the kill: a different number each time, so that it strikes at different moments. */
const answersBefore = (round: number): number => 10 + ((round * 53) % 120);
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly connection: string;
  readonly client: EventStoreDBClient;
}

const run = async (data: string): Promise<Running> => {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const connection = /esdb:\/\/\S+?tls=false/.exec(line)?.[0];
  if (connection === undefined) throw new Error(`the node said: ${line}`);
  return { child, connection, client: EventStoreDBClient.connectionString(connection) };
};

const kill = async ({ child, client }: Running): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await client.dispose();
};

/** Appends from several writers until so many are answered; then the node is killed under them. */
const writeAndKill = async (node: Running, round: number): Promise<void> => {
  let answered = 0;
  let stop = false;
  const credentials = { username: 'any', password: 'any' };
  const writer = async (k: number): Promise<void> => {
    while (!stop) {
      try {
        await node.client.appendToStream(`killed-${k}`, several(3), { credentials });
      } catch {
        // what was under way when the node was killed may be stored or not
        return;
      }
      answered += 1;
    }
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, k) => writer(k)));
  await until(
    () => Promise.resolve(answered),
    (count) => count >= answersBefore(round),
  );
  stop = round % 2 === 0;
  await kill(node);
  await writing;
};

const scavenge = async ({ connection }: Running): Promise<void> => {
  const calls = new RawCalls(connection);
  const request = new StartScavengeReq();
  const options = new StartScavengeReq.Options();
  options.setThreadCount(1);
  request.setOptions(options);
  await calls.unary('/event_store.client.operations.Operations/StartScavenge', request, ScavengeResp);
  calls.close();
};

describe('a node that is killed while its projections write', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'esdb-projections-killed-'));
  });
  afterEach(() => rm(data, { recursive: true, force: true }));

  it(`has linked every event once and in order in the end, after ${KILLS} kills, scavenges under way`, async () => {
    for (let round = 0; round < KILLS; round += 1) {
      const node = await run(data);
      if (round % 2 === 1) await scavenge(node);
      await writeAndKill(node, round);
    }
    const node = await run(data);
    const status = (name: string): Promise<number> =>
      node.client.getProjectionStatus(name).then(({ progress }) => progress);
    for (const name of ['$by_category', '$by_event_type', '$streams']) {
      await until(
        () => status(name),
        (progress) => progress === 100,
      );
    }
    const log = (await collect(node.client.readAll()))
      .map(({ event }) => event)
      .filter((event) => event?.streamId.startsWith('killed-'));
    const written = log.map((event) => event?.id);
    const linked = async (stream: string): Promise<(string | undefined)[]> => {
      const links = await collect(node.client.readStream(stream, { resolveLinkTos: true }));
      return links.map(({ event }) => event?.id);
    };
    expect(written.length).to.be.greaterThan(KILLS * 10);
    expect(await linked('$ce-killed')).to.deep.equal(written);
    expect(await linked('$et-Happened')).to.deep.equal(written);
    const firsts = log.filter((event) => event?.revision === 0n).map((event) => event?.id);
    expect((await linked('$streams')).filter((id) => written.includes(id))).to.deep.equal(firsts);
    await kill(node);
  }).timeout(60_000 + KILLS * 10_000);
});
