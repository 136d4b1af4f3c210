import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { EventStore } from '#comanda/commands/ports/eventStore.js';
import { startEmbeddedPostgres } from '#comanda/embedded/postgres/start.js';
import { type Server, startServer } from './child.js';
import { writeInto } from './folderStore.js';

/** The PostgreSQL of a run, durable, with settings as they come. */
export interface Postgres {
  /** An empty database; its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** A durable esdb-node and an empty database, both named by URL. */
export interface World {
  readonly eventStoreUrl: string;
  readonly postgresUrl: string;
  /** Process id of the node, for its processor time. */
  readonly nodePid: number;
  /** Ends the node and begins it again on the same log; resolves with the milliseconds that the new one took to serve. */
  restartNode(): Promise<number>;
  stop(): Promise<void>;
}

const NODE = new URL('../../esdb-node/bin/esdb-node.js', import.meta.resolve('#comanda/main/start.js')).pathname;

/** A folder that is gone when the run is over. */
export const temporaryFolder = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `comanda-bench-${name}-`));

export async function startPostgres(): Promise<Postgres> {
  const folder = await temporaryFolder('postgres');
  const server = await startEmbeddedPostgres({ dataFolder: folder, log: () => undefined });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  let databases = 0;
  return {
    createDatabase: async () => {
      const name = `bench_${(databases += 1)}`;
      await admin.query(`CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    stop: async () => {
      await admin.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param fill writes what is in the log before its node serves it; absent: nothing */
export async function startWorld(postgres: Postgres, fill?: (eventStore: EventStore) => Promise<void>): Promise<World> {
  const folder = await temporaryFolder('events');
  if (fill) await writeInto(folder, fill);
  const begin = (port: string): Promise<Server> =>
    startServer(NODE, ['--port', port, '--data', folder, '--projections', 'off']);
  let node = await begin('0');
  const eventStoreUrl = /esdb:\/\/\S+?(?=,|\s|$)/.exec(node.line)?.[0];
  if (eventStoreUrl === undefined)
    throw new Error(`the node said where it listens in a way unknown here: ${node.line}`);
  const beginAgain = async (): Promise<void> => {
    node = await begin(new URL(eventStoreUrl.replace('esdb:', 'http:')).port);
  };
  return {
    eventStoreUrl,
    postgresUrl: await postgres.createDatabase(),
    get nodePid() {
      return node.pid;
    },
    restartNode: async () => {
      await node.stop();
      const from = performance.now();
      await beginAgain();
      return performance.now() - from;
    },
    stop: async () => {
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
