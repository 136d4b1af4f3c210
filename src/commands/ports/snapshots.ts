import type { EventOrigin } from '../executor/contract.js';

/** A command that the stream already holds, with the place of its last event. */
export interface SnapshotCommand {
  readonly commandId: string;
  readonly revision: number;
  /** Commit position, in decimal digits: JSON has no 64-bit integers. */
  readonly position: string;
}

/** The state of a long stream as of a revision. Everything in it is plain JSON. */
export interface Snapshot {
  readonly revision: number;
  /** What the aggregate's `snapshot.toJson` gave. */
  readonly state: unknown;
  /** The newest command ids, oldest first, so that a repeated command is known without the events. */
  readonly commands: readonly SnapshotCommand[];
  readonly first: EventOrigin | null;
}

/**
 * Snapshots beside the log: disposable, only ever a shortcut. A missing, old or unreadable one means replay, so no
 * failure here may fail a command.
 */
export interface Snapshots {
  /** The newest snapshot of the stream with exactly this state version. */
  load(stream: string, stateVersion: number): Promise<Snapshot | undefined>;
  /** Keeps the snapshot, unless a newer one of the same stream and state version is there. */
  save(stream: string, stateVersion: number, snapshot: Snapshot): Promise<void>;
}
