import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { AllStreamResolvedEvent } from '@eventstore/db-client';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { expect } from 'chai';
import type { NodeOptions, RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';
import { until } from '../support/poll.js';
import { RawCalls } from '../support/rawCalls.js';

const { StartScavengeReq, StopScavengeReq, ScavengeResp } = operations;
const { Empty } = shared;
const SERVICE = '/event_store.client.operations.Operations';

for (const storage of ['memory', 'lmdb'] as const) {
  describe(`operations, ${storage}`, () => {
    let data: string;
    let node: RunningNode;
    let client: EventStoreDBClient;
    let calls: RawCalls;
    const options = (): NodeOptions => ({
      ...(storage === 'memory' ? { storage } : { storage, data }),
      projections: 'off',
    });
    beforeEach(async () => {
      data = await mkdtemp(join(tmpdir(), 'esdb-operations-'));
      node = await startNode(options());
      client = EventStoreDBClient.connectionString(node.connectionString);
      calls = new RawCalls(node.connectionString);
    });
    afterEach(async () => {
      calls.close();
      await client.dispose();
      await node.stop();
      await rm(data, { recursive: true, force: true });
    });

    const start = async (): Promise<string> => {
      const request = new StartScavengeReq();
      const how = new StartScavengeReq.Options();
      how.setThreadCount(1);
      request.setOptions(how);
      const answer = await calls.unary(`${SERVICE}/StartScavenge`, request, ScavengeResp);
      return answer.getScavengeId();
    };
    const scavenge = async (): Promise<Record<string, unknown>> => {
      const id = await start();
      const events = await until(
        () => collect(client.readStream(`$scavenges-${id}`)).catch(() => []),
        (told) => told.length === 2,
      );
      return events[1]?.event?.data as Record<string, unknown>;
    };
    const all = async (stream: string): Promise<number[]> => {
      const events: AllStreamResolvedEvent[] = await collect(client.readAll());
      return numbers(events.filter(({ event }) => event?.streamId === stream && event.type === 'Happened'));
    };

    it('scavenges what $maxCount, $tb and $maxAge hide out of $all, and nothing else', async () => {
      const [counted, cut, old, kept] = ['counted', 'cut', 'old', 'kept'].map(freshStream) as [
        string,
        string,
        string,
        string,
      ];
      for (const stream of [counted, cut, old, kept]) await client.appendToStream(stream, several(5));
      await client.setStreamMetadata(counted, { maxCount: 2 });
      await client.setStreamMetadata(cut, { truncateBefore: 3 });
      await client.setStreamMetadata(old, { maxAge: 1 });
      await until(
        () => collect(client.readStream(old)),
        (events) => events.length === 0,
      );
      expect(await all(counted), 'before').to.deep.equal([0, 1, 2, 3, 4]);
      const told = await scavenge();
      expect(told).to.include({ result: 'Success', eventsRemoved: 3 + 3 + 4 });
      expect(await all(counted)).to.deep.equal([3, 4]);
      expect(await all(cut)).to.deep.equal([3, 4]);
      expect(await all(old), 'the last event of a stream stays').to.deep.equal([4]);
      expect(await all(kept)).to.deep.equal([0, 1, 2, 3, 4]);
      expect(numbers(await collect(client.readStream(counted)))).to.deep.equal([3, 4]);
      expect(
        numbers(await collect(client.readStream(counted, { direction: 'backwards', fromRevision: 'end' }))),
      ).to.deep.equal([4, 3]);
      expect((await client.appendToStream(old, numbered(5))).nextExpectedRevision).to.equal(5n);
    });

    it('scavenges deleted and tombstoned streams, and lets the deleted one come back', async () => {
      const [deleted, dead] = [freshStream('deleted'), freshStream('dead')];
      for (const stream of [deleted, dead]) await client.appendToStream(stream, several(4));
      await client.setStreamMetadata(dead, { maxCount: 3 });
      await client.deleteStream(deleted);
      await client.tombstoneStream(dead);
      await scavenge();
      expect(await all(deleted)).to.deep.equal([3]);
      expect(await all(dead)).to.deep.equal([]);
      const left = (await collect(client.readAll())).map(({ event }) => event?.streamId);
      expect(
        left.filter((stream) => stream === dead),
        'its tombstone',
      ).to.have.length(1);
      expect(left).not.to.include(`$$${dead}`);
      expect((await failureOf(client.appendToStream(dead, numbered(9)))).constructor.name).to.equal(
        'StreamDeletedError',
      );
      expect((await client.appendToStream(deleted, numbered(4))).nextExpectedRevision).to.equal(4n);
      expect(numbers(await collect(client.readStream(deleted)))).to.deep.equal([4]);
    });

    it('keeps only the last metadata of a stream', async () => {
      const stream = freshStream();
      for (const maxCount of [5, 6, 7]) await client.setStreamMetadata(stream, { maxCount });
      await scavenge();
      const left = (await collect(client.readAll())).filter(({ event }) => event?.streamId === `$$${stream}`);
      expect(left.map(({ event }) => event?.revision)).to.deep.equal([2n]);
      expect((await client.getStreamMetadata(stream)).metadata).to.deep.equal({ maxCount: 7 });
    });

    it('serves a subscription to $all across what was scavenged', async () => {
      const stream = freshStream();
      await client.appendToStream(stream, several(600));
      await client.setStreamMetadata(stream, { maxCount: 10 });
      await scavenge();
      await client.appendToStream(stream, jsonEvent({ type: 'Happened', data: { n: 600 } }));
      const seen: number[] = [];
      for await (const { event } of client.subscribeToAll()) {
        if (event?.streamId === stream) seen.push((event.data as { n: number }).n);
        if (seen.at(-1) === 600) break;
      }
      expect(seen).to.deep.equal([590, 591, 592, 593, 594, 595, 596, 597, 598, 599, 600]);
    });

    it('knows no scavenge that is not running', async () => {
      const request = new StopScavengeReq();
      const which = new StopScavengeReq.Options();
      which.setScavengeId('none');
      request.setOptions(which);
      const error = await failureOf(calls.unary(`${SERVICE}/StopScavenge`, request, ScavengeResp));
      expect(error.message).to.equal('5 NOT_FOUND: Scavenge id was invalid.');
    });

    it('answers a shutdown, stops, and has everything when it is started again', async () => {
      const stream = freshStream();
      await client.appendToStream(stream, several(3));
      let told: () => void = () => undefined;
      const shutdown = new Promise<void>((resolve) => {
        told = resolve;
      });
      await node.stop();
      node = await startNode(options(), { onShutdown: told });
      const again = new RawCalls(node.connectionString);
      await again.unary(`${SERVICE}/Shutdown`, new Empty(), Empty);
      await shutdown;
      again.close();
      if (storage === 'memory') return;
      node = await startNode(options());
      const reader = EventStoreDBClient.connectionString(node.connectionString);
      expect(numbers(await collect(reader.readStream(stream)))).to.deep.equal([0, 1, 2]);
      await reader.dispose();
    });
  });
}

describe('the command line', () => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
  const run = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', cli, ...args]);

  it('ends with code 0 when a caller shuts the node down', async () => {
    const child = run('--memory', '--port', '0', '--projections', 'off');
    let out = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    const [, address] = await until(
      () => Promise.resolve(/(esdb:\/\/\S+),/.exec(out) ?? []),
      (match) => match.length > 0,
    );
    const calls = new RawCalls(address as string);
    await calls.unary(`${SERVICE}/Shutdown`, new Empty(), Empty);
    calls.close();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).to.equal(0);
  });

  it('refuses a certificate without its key', async () => {
    const child = run('--memory', '--port', '0', '--tls-cert', 'cert.pem');
    let text = '';
    child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).to.equal(1);
    expect(text).to.contain('--tls-cert and --tls-key go together');
  });
});
