import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';

const REAL = process.env['TEST_EVENTSTORE_URL'];

/** A server that a suite runs against. */
export interface Server {
  readonly client: EventStoreDBClient;
  readonly connectionString: string;
  close(): Promise<void>;
}

const openReal = (connectionString: string): Server => {
  const client = EventStoreDBClient.connectionString(connectionString);
  return { client, connectionString, close: () => client.dispose() };
};

const openNode = async (storage: 'memory' | 'lmdb'): Promise<Server> => {
  const data = await mkdtemp(join(tmpdir(), 'esdb-node-'));
  const node: RunningNode = await startNode({
    ...(storage === 'memory' ? { storage } : { storage, data }),
    projections: 'off',
  });
  const client = EventStoreDBClient.connectionString(node.connectionString);
  const close = async (): Promise<void> => {
    await client.dispose();
    await node.stop();
    await rm(data, { recursive: true, force: true });
  };
  return { client, connectionString: node.connectionString, close };
};

/** The servers that the contract holds for: both kinds of storage, or the server that TEST_EVENTSTORE_URL names. */
const SERVERS: readonly (readonly [name: string, open: () => Promise<Server>])[] =
  REAL === undefined
    ? [
        ['in memory', () => openNode('memory')],
        ['on LMDB', () => openNode('lmdb')],
      ]
    : [['a real server', () => Promise.resolve(openReal(REAL))]];

/** Whether the suites run against a server that is not esdb-node. */
export const againstRealServer = REAL !== undefined;

/** Describes a suite once for every server; `server()` is the running one. */
export const onEveryServer = (title: string, suite: (server: () => Server) => void): void => {
  for (const [name, open] of SERVERS) {
    describe(`${title}, ${name}`, () => {
      let server: Server | undefined;
      before(async () => {
        server = await open();
      });
      after(() => server?.close());
      suite(() => {
        if (!server) throw new Error('the server has not started');
        return server;
      });
    });
  }
};
