import { get } from 'node:http';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { open } from 'lmdb';
import type { NodeOptions } from '../../src/index.js';
import { DataFolderError, startNode, startNodeInWorker } from '../../src/index.js';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';

describe('a node', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'esdb-node.'));
  });
  afterEach(() => rm(data, { recursive: true, force: true }));

  const use = async (options: NodeOptions, what: (client: EventStoreDBClient) => Promise<void>, start = startNode) => {
    const node = await start(options);
    const client = EventStoreDBClient.connectionString(node.connectionString);
    try {
      await what(client);
    } finally {
      await client.dispose();
      await node.stop();
    }
  };

  it('runs in a worker thread, and stops there', async () => {
    await use(
      { storage: 'memory' },
      async (client) => {
        const stream = freshStream();
        await client.appendToStream(stream, several(3));
        expect(numbers(await collect(client.readStream(stream)))).to.deep.equal([0, 1, 2]);
      },
      startNodeInWorker,
    );
  });

  it('has everything again after a stop and a start: events, revisions, metadata, tombstones', async () => {
    const [kept, gone, cut] = [freshStream('kept'), freshStream('gone'), freshStream('cut')];
    const long = freshStream('x'.repeat(5000));
    let end: bigint | undefined;
    await use({ storage: 'lmdb', data }, async (client) => {
      for (const stream of [kept, gone, cut, long]) await client.appendToStream(stream, several(3));
      await client.tombstoneStream(gone);
      await client.setStreamMetadata(cut, { maxCount: 1 });
      end = (await client.appendToStream(kept, numbered(3))).position?.commit;
    });
    await use({ storage: 'lmdb', data }, async (client) => {
      expect(numbers(await collect(client.readStream(kept)))).to.deep.equal([0, 1, 2, 3]);
      expect(numbers(await collect(client.readStream(cut)))).to.deep.equal([2]);
      expect(numbers(await collect(client.readStream(long)))).to.deep.equal([0, 1, 2]);
      expect((await failureOf(collect(client.readStream(gone)))).constructor.name).to.equal('StreamDeletedError');
      const { nextExpectedRevision, position } = await client.appendToStream(kept, numbered(4), {
        expectedRevision: 3n,
      });
      expect(nextExpectedRevision).to.equal(4n);
      expect(position?.commit).to.be.greaterThan(Number(end));
    });
  });

  it('refuses a folder that another node holds, and takes it when that one has stopped', async () => {
    await use({ storage: 'lmdb', data }, async () => {
      expect(await failureOf(startNode({ storage: 'lmdb', data }))).to.be.instanceOf(DataFolderError);
    });
    await use({ storage: 'lmdb', data }, async (client) => {
      await client.appendToStream(freshStream(), numbered(1));
    });
  });

  it('gives its folder back when it cannot start after all', async () => {
    const tls = { cert: 'no certificate', key: 'no key' };
    const other = await startNode({ storage: 'memory' });
    try {
      const failure = await failureOf(startNode({ storage: 'lmdb', data, port: other.port }));
      expect(failure.message).to.contain('EADDRINUSE');
    } finally {
      await other.stop();
    }
    const failure = await failureOf(startNode({ storage: 'lmdb', data, tls }));
    expect(failure.message).to.contain('the certificate and its key cannot be used');
    await use({ storage: 'lmdb', data }, async (client) => {
      await client.appendToStream(freshStream(), numbered(1));
    });
  });

  it('refuses a folder of a newer format, and overwrites nothing in it', async () => {
    await use({ storage: 'lmdb', data }, async (client) => {
      await client.appendToStream('s', numbered(1));
    });
    const setFormat = async (format: number): Promise<void> => {
      const root = open({ path: data, noSubdir: false, maxDbs: 8, encoding: 'binary' });
      const meta = root.openDB({ name: 'meta', keyEncoding: 'binary', encoding: 'binary' });
      const value = Buffer.alloc(8);
      value.writeUInt32BE(format, 4);
      await meta.put(Buffer.from('format'), value);
      await root.close();
    };
    await setFormat(99);
    const error = await failureOf(startNode({ storage: 'lmdb', data }));
    expect(error).to.be.instanceOf(DataFolderError);
    expect(error.message).to.contain('format 99');
    await setFormat(2);
    await use({ storage: 'lmdb', data }, async (client) => {
      expect(numbers(await collect(client.readStream('s')))).to.deep.equal([1]);
    });
  });

  for (const [where, start] of [
    ['in this thread', startNode],
    ['in a worker thread', startNodeInWorker],
  ] as const) {
    it(`refuses a folder that is a file, ${where}`, async () => {
      await writeFile(join(data, 'file'), 'this is no folder');
      const failure = await failureOf(start({ storage: 'lmdb', data: join(data, 'file') }));
      expect(failure).to.be.instanceOf(DataFolderError);
      expect(failure.message).to.equal(`${join(data, 'file')} is no folder`);
      expect(failure.name).to.equal('DataFolderError');
    });

    it(`says that its port is taken, ${where}`, async () => {
      const other = await startNode({ storage: 'memory' });
      try {
        const failure = await failureOf(start({ storage: 'memory', port: other.port }));
        expect(failure).to.include({ code: 'EADDRINUSE', port: other.port });
      } finally {
        await other.stop();
      }
    });
  }

  it('names the option that makes no sense, and begins nothing', async () => {
    const nonsense = [
      [undefined, 'storage'],
      [{ storage: 'disk' }, 'storage'],
      [{ storage: 'lmdb' }, 'data'],
      [{ storage: 'memory', port: '2113' }, 'port'],
      [{ storage: 'memory', port: 65_536 }, 'port'],
      [{ storage: 'memory', host: '' }, 'host'],
      [{ storage: 'memory', projections: 'all' }, 'projections'],
      [{ storage: 'memory', users: 'admin' }, 'users'],
      [{ storage: 'memory', keepAliveInterval: 0 }, 'keepAliveInterval'],
      [{ storage: 'memory', tls: {} }, 'tls'],
    ] as const;
    for (const [options, name] of nonsense) {
      const failure = await failureOf(startNode(options as unknown as NodeOptions));
      expect(failure).to.be.instanceOf(TypeError);
      expect(failure.message).to.contain(`the option ${name} `);
    }
  });

  // a machine may have been set up without it
  if (networkInterfaces()['lo']?.some(({ address }) => address === '::1')) {
    it('listens at an address of IP version 6, and names it so that it can be told from its port', async () => {
      const node = await startNode({ storage: 'memory', host: '::1' });
      try {
        expect(node.connectionString).to.equal(`esdb://[::1]:${node.port}?tls=false`);
        const { host } = new URL(node.connectionString);
        expect((await fetch(`http://${host}/health/live`)).status).to.equal(204);
      } finally {
        await node.stop();
      }
    });
  }

  it('refuses a folder whose file is no log', async () => {
    await writeFile(join(data, 'data.mdb'), 'this is no log, '.repeat(2000));
    expect(await failureOf(startNode({ storage: 'lmdb', data }))).to.be.instanceOf(DataFolderError);
  });

  it('refuses a log that was cut short, wherever, instead of dying over it', async () => {
    await use({ storage: 'lmdb', data }, async (client) => {
      await client.appendToStream('s', [jsonEvent({ type: 'Counted', data: { filling: 'x'.repeat(500_000) } })]);
      await client.appendToStream('s', [jsonEvent({ type: 'Counted', data: { filling: 'x'.repeat(900_000) } })]);
    });
    const { size } = await stat(join(data, 'data.mdb'));
    for (const rest of [Math.floor(size / 2), 12_288, 8_192, 4_096, 100, 10]) {
      await truncate(join(data, 'data.mdb'), rest);
      expect(await failureOf(startNode({ storage: 'lmdb', data })), `${rest} bytes`).to.be.instanceOf(DataFolderError);
    }
  });

  it('serves HTTP on the same port', async () => {
    const node = await startNode({ storage: 'memory' });
    const status = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get({ host: node.host, port: node.port, path, agent: false }, (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode));
        }).on('error', reject);
      });
    try {
      const found = await Promise.all(['/health/live', '/info', '/stats', '/streams/s', '/'].map(status));
      expect(found).to.deep.equal([204, 200, 200, 404, 404]);
    } finally {
      await node.stop();
    }
  });
});
