import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import type { NodeOptions, RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';
import { until } from '../support/poll.js';

for (const storage of ['memory', 'lmdb'] as const) {
  describe(`system projections, ${storage}`, () => {
    let data: string;
    let node: RunningNode;
    let client: EventStoreDBClient;
    const faults: unknown[] = [];
    const open = async (options: Partial<NodeOptions> = {}): Promise<void> => {
      const where: NodeOptions = storage === 'memory' ? { storage } : { storage, data };
      node = await startNode({ ...where, ...options } as NodeOptions, { onFault: (fault) => faults.push(fault) });
      client = EventStoreDBClient.connectionString(node.connectionString);
    };
    const close = async (): Promise<void> => {
      await client.dispose();
      await node.stop();
    };
    beforeEach(async () => {
      data = await mkdtemp(join(tmpdir(), 'esdb-projections-'));
      await open();
    });
    afterEach(async () => {
      await close();
      await rm(data, { recursive: true, force: true });
      expect(faults).to.deep.equal([]);
    });

    const linked = (stream: string): Promise<number[]> =>
      collect(client.readStream(stream, { resolveLinkTos: true })).then(numbers, () => []);
    const eventually = (stream: string, count: number): Promise<number[]> =>
      until(
        () => linked(stream),
        (found) => found.length >= count,
      );
    const caughtUp = (name: string): Promise<unknown> =>
      until(
        () => client.getProjectionStatus(name),
        ({ progress }) => progress === 100,
      );
    const category = (): string => freshStream('c').replaceAll('-', '');

    it('links every event once, in the order of the log, whoever writes at the same time', async () => {
      const c = category();
      const streams = Array.from({ length: 10 }, (_, k) => `${c}-${k}`);
      await Promise.all(
        streams.map(async (stream) => {
          for (let n = 0; n < 30; n += 1) await client.appendToStream(stream, numbered(n));
        }),
      );
      const links = await until(
        () => collect(client.readStream(`$ce-${c}`, { resolveLinkTos: true })).catch(() => []),
        (found) => found.length >= 300,
      );
      await caughtUp('$by_category');
      const inLog = (await collect(client.readAll())).filter(({ event }) => streams.includes(event?.streamId ?? ''));
      expect(links.map(({ event }) => event?.id)).to.deep.equal(inLog.map(({ event }) => event?.id));
      expect(await linked(`$ce-${c}`)).to.have.length(300);
    });

    it('goes on where it was disabled, and links nothing twice', async () => {
      const c = category();
      await client.appendToStream(`${c}-1`, several(3));
      await eventually(`$ce-${c}`, 3);
      await client.disableProjection('$by_category');
      await client.appendToStream(`${c}-1`, several(3, 3));
      await caughtUp('$by_event_type');
      expect(await linked(`$ce-${c}`)).to.deep.equal([0, 1, 2]);
      expect((await client.getProjectionStatus('$by_category')).projectionStatus).to.equal('Stopped');
      await client.enableProjection('$by_category');
      expect(await eventually(`$ce-${c}`, 6)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    });

    it('links everything anew when it is reset, and hides what it had linked before', async () => {
      const c = category();
      await client.appendToStream(`${c}-1`, several(300));
      await eventually(`$ce-${c}`, 300);
      await client.setStreamMetadata(`$ce-${c}`, { cacheControl: 5 });
      await client.resetProjection('$by_category');
      await until(
        () => collect(client.readStream(`$ce-${c}`)).then((found) => found.map((link) => link.event?.revision)),
        (found) => found[0] === 300n && found.length === 300,
      );
      expect(await linked(`$ce-${c}`)).to.deep.equal(Array.from({ length: 300 }, (_, n) => n));
      const { metadata } = await client.getStreamMetadata(`$ce-${c}`);
      expect(metadata).to.deep.equal({ cacheControl: 5, truncateBefore: 300 });
      await client.appendToStream(`${c}-1`, numbered(300));
      expect(await eventually(`$ce-${c}`, 301)).to.have.length(301);
    });

    it('goes on past a stream of links that somebody ended for ever', async () => {
      const [ended, other] = [category(), category()];
      await client.appendToStream(`${ended}-1`, several(1));
      await eventually(`$ce-${ended}`, 1);
      await client.tombstoneStream(`$ce-${ended}`);
      await client.appendToStream(`${ended}-1`, several(1));
      await client.appendToStream(`${other}-1`, several(2));
      expect(await eventually(`$ce-${other}`, 2)).to.deep.equal([0, 1]);
    });

    it('says clearly that it runs no projections of its users', async () => {
      const error = await failureOf(client.createProjection('mine', 'fromAll().when({})'));
      expect(error.message).to.contain('Not supported');
      expect((await failureOf(client.getProjectionState('$by_category'))).message).to.contain('Not supported');
    });

    it('is not there when projections are off', async () => {
      await close();
      await open({ projections: 'off' });
      await client.appendToStream(freshStream(), several(3));
      const streams = (await collect(client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 }))).map(
        ({ event }) => event?.type,
      );
      expect(streams).to.deep.equal(['Happened']);
      expect((await failureOf(client.listProjections())).message).to.contain('UNIMPLEMENTED');
    });

    if (storage === 'memory') return;

    it('goes on after a restart with what it had, its decisions too', async () => {
      const c = category();
      await client.appendToStream(`${c}-1`, several(200));
      await eventually(`$ce-${c}`, 200);
      await client.disableProjection('$by_event_type');
      for (let round = 1; round <= 3; round += 1) {
        await close();
        await open();
        await client.appendToStream(`${c}-1`, several(2, 200 + 2 * (round - 1)));
        await eventually(`$ce-${c}`, 200 + 2 * round);
      }
      await caughtUp('$by_category');
      expect(await linked(`$ce-${c}`)).to.deep.equal(Array.from({ length: 206 }, (_, n) => n));
      expect((await client.getProjectionStatus('$by_event_type')).projectionStatus).to.equal('Stopped');
    });

    it('catches up with what was written while it was off', async () => {
      const c = category();
      await close();
      await open({ projections: 'off' });
      for (let n = 0; n < 10; n += 1) await client.appendToStream(`${c}-${n % 3}`, several(600, n * 600));
      await close();
      await open();
      const found = await until(
        () => linked(`$ce-${c}`),
        (links) => links.length >= 6000,
        20_000,
      );
      expect(found).to.deep.equal(Array.from({ length: 6000 }, (_, n) => n));
    }).timeout(40_000);
  });
}
