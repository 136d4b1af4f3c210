import type { RetryPolicy } from 'cockatiel';
import type { EventStore } from '../ports/eventStore.js';
import type { Snapshot, Snapshots } from '../ports/snapshots.js';
import { type AnyAggregate, emptyStream, readOn, type StreamState } from './streamState.js';

/** Reads streams: whole (from their snapshot on, where there is one) or what came after a known state. */
export interface StreamLoader {
  whole(aggregate: AnyAggregate, stream: string, options?: { readonly snapshot: boolean }): Promise<StreamState>;
  tail(aggregate: AnyAggregate, stream: string, from: StreamState): Promise<StreamState>;
}

/**
 * @param retries for reads that the store does not answer
 * @param onFailure told of a snapshot that could not be read; the stream is replayed then
 */
export function createStreamLoader(
  eventStore: EventStore,
  snapshots: Snapshots | undefined,
  retries: RetryPolicy,
  onFailure: (stream: string, error: unknown) => void,
): StreamLoader {
  async function fromSnapshot(aggregate: AnyAggregate, stream: string): Promise<StreamState | undefined> {
    if (!snapshots || !aggregate.snapshot) return undefined;
    try {
      const snapshot = await snapshots.load(stream, aggregate.stateVersion);
      return snapshot && revive(aggregate.snapshot.fromJson, snapshot);
    } catch (error) {
      onFailure(stream, error);
      return undefined;
    }
  }

  const tail: StreamLoader['tail'] = (aggregate, stream, from) =>
    retries.execute(() => readOn(eventStore, aggregate, stream, from));
  return {
    tail,
    whole: async (aggregate, stream, { snapshot } = { snapshot: true }) => {
      const start = snapshot ? await fromSnapshot(aggregate, stream) : undefined;
      return tail(aggregate, stream, start ?? emptyStream(aggregate));
    },
  };
}

function revive(fromJson: (json: unknown) => unknown, { state, revision, commands, first }: Snapshot): StreamState {
  const recent = commands.map(
    (done) => [done.commandId, { revision: done.revision, position: BigInt(done.position) }] as const,
  );
  return { state: fromJson(state), revision, first, recent: new Map(recent), snapshotRevision: revision };
}
