import type { EventStore, EventToAppend } from '#comanda/commands/ports/eventStore.js';
import { NO_STREAM, openLog, type ProposedEvent } from 'esdb-node';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const proposed = ({ id, type, data, metadata }: EventToAppend): ProposedEvent => ({
  id,
  type,
  contentType: 'application/json',
  data: bytes(data),
  customMetadata: bytes(metadata),
});

/**
 * Lets somebody write a new log straight into the data folder of a node that does not run: what has to be there before anything
 * is measured would take minutes through a client, a million events an hour. Appends alone: every stream begins here.
 * @throws when an append is refused
 */
export async function writeInto(folder: string, write: (eventStore: EventStore) => Promise<void>): Promise<void> {
  const log = await openLog(folder);
  const eventStore: EventStore = {
    append: async (stream, events, expected) => {
      const revision = expected === 'no_stream' ? NO_STREAM : BigInt(expected);
      const outcome = await log.append(stream, revision, events.map(proposed));
      if (outcome.kind !== 'written') throw new Error(`${stream} was not written: ${JSON.stringify(outcome)}`);
      return { revision: outcome.revision, position: BigInt(outcome.position ?? 0) };
    },
    read: async function* () {},
  };
  try {
    await write(eventStore);
  } finally {
    await log.close();
  }
}
