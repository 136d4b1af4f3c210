import type { Snapshot, Snapshots } from '../ports/snapshots.js';
import type { AnyAggregate, StreamState } from './streamState.js';

export interface SnapshotRules {
  /** Streams up to this many events have no snapshot: reading them is cheap. */
  readonly longerThan: number;
  /** A new snapshot once this many events came after the last one. */
  readonly every: number;
}
export const SNAPSHOT_RULES: SnapshotRules = { longerThan: 500, every: 500 };

/** Whether the state should be kept beside the log now. */
export const snapshotDue = (aggregate: AnyAggregate, stream: StreamState, rules: SnapshotRules): boolean =>
  aggregate.snapshot !== undefined &&
  stream.revision + 1 > rules.longerThan &&
  stream.revision - stream.snapshotRevision >= rules.every;

/**
 * Writes a snapshot off the hot path: in a turn of the event loop of its own, awaited by nobody. A failure costs
 * nothing but the next replay, so it is told and forgotten.
 */
export function writeSnapshot(
  snapshots: Snapshots,
  aggregate: AnyAggregate,
  stream: string,
  state: StreamState,
  onFailure: (stream: string, error: unknown) => void,
): void {
  setImmediate(() => {
    Promise.resolve()
      .then(() => snapshots.save(stream, aggregate.stateVersion, toSnapshot(aggregate, state)))
      .catch((error: unknown) => onFailure(stream, error));
  });
}

function toSnapshot(aggregate: AnyAggregate, { state, revision, recent, first }: StreamState): Snapshot {
  const commands = [...recent].map(([commandId, done]) => ({
    commandId,
    revision: done.revision,
    position: String(done.position),
  }));
  return { revision, state: aggregate.snapshot?.toJson(state), commands, first };
}
