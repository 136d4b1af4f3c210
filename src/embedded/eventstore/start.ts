import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { startNodeInWorker } from 'esdb-node';

export interface EmbeddedEventStore {
  /** `esdb://…`, for the same client that talks to a real EventStoreDB. */
  readonly url: string;
  /** For people: `embedded esdb-node in data/events`. */
  readonly describe: string;
  stop(): Promise<void>;
}

/** Where a node that runs says how to reach it: its port is another one on every start. */
const addressFile = (dataFolder: string): string => join(dataFolder, 'events.address');

/**
 * Starts esdb-node in a worker thread, durable, on a free loopback port. The caller owns the folder, so an address that lies
 * there was left by somebody who is dead.
 * @throws when the folder is in use, damaged or of a newer format; the message names it
 */
export async function startEmbeddedEventStore(dataFolder: string): Promise<EmbeddedEventStore> {
  const folder = join(dataFolder, 'events');
  await rm(addressFile(dataFolder), { force: true });
  const node = await startNodeInWorker({ storage: 'lmdb', data: folder, projections: 'off' });
  const draft = `${addressFile(dataFolder)}.new`;
  await writeFile(draft, node.connectionString, { mode: 0o600 });
  await rename(draft, addressFile(dataFolder));
  const short = relative(process.cwd(), folder);
  return {
    url: node.connectionString,
    describe: `embedded esdb-node in ${short.startsWith('..') ? folder : short}`,
    stop: async () => {
      await rm(addressFile(dataFolder), { force: true });
      await node.stop();
    },
  };
}

/**
 * The URL of a node that another program (a running Comanda) has started on that folder, for the operator's tools; undefined
 * while none is there.
 */
export const runningEmbeddedEventStore = async (dataFolder: string): Promise<string | undefined> =>
  await readFile(addressFile(dataFolder), 'utf8').catch(() => undefined);
