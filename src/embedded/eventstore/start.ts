import { join, relative } from 'node:path';
import { startNodeInWorker } from 'esdb-node';

export interface EmbeddedEventStore {
  /** `esdb://…`, for the same client that talks to a real EventStoreDB. */
  readonly url: string;
  /** For people: `embedded esdb-node in data/events`. */
  readonly describe: string;
  stop(): Promise<void>;
}

/**
 * Starts esdb-node in a worker thread, durable, on a free loopback port.
 * @throws when the folder is in use, damaged or of a newer format; the message names it
 */
export async function startEmbeddedEventStore(dataFolder: string): Promise<EmbeddedEventStore> {
  const folder = join(dataFolder, 'events');
  const node = await startNodeInWorker({ storage: 'lmdb', data: folder, projections: 'off' });
  const short = relative(process.cwd(), folder);
  return {
    url: node.connectionString,
    describe: `embedded esdb-node in ${short.startsWith('..') ? folder : short}`,
    stop: () => node.stop(),
  };
}
