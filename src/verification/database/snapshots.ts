import type { FoldableAggregate } from '../../domain/aggregates.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { Finding } from '../difference.js';
import { unlike } from '../readModels/unlike.js';

/** Snapshots beside the log, compared with the fold as it passes their revision. */
export class Snapshots {
  private constructor(
    private readonly byStream: ReadonlyMap<
      string,
      readonly { readonly stateVersion: number; readonly revision: number }[]
    >,
    private readonly database: Queryable,
  ) {}

  /** Learns which snapshots there are; their states are read one by one as they are needed. */
  static async of(database: Queryable): Promise<Snapshots> {
    const { rows } = await database.query<{ stream: string; state_version: number; revision: number }>(
      'SELECT stream, state_version, revision FROM snapshots',
    );
    const byStream = new Map<string, { stateVersion: number; revision: number }[]>();
    for (const { stream, state_version, revision } of rows) {
      const snapshot = { stateVersion: state_version, revision };
      byStream.set(stream, [...(byStream.get(stream) ?? []), snapshot]);
    }
    return new Snapshots(byStream, database);
  }

  private readonly passed: { readonly stream: string; readonly stateVersion: number; readonly state: unknown }[] = [];

  /** A stream has just been folded to a revision. */
  folded(aggregate: FoldableAggregate, stream: string, revision: number, state: unknown): void {
    const snapshots = this.byStream.get(stream);
    if (!snapshots || !aggregate.snapshot) return;
    for (const snapshot of snapshots) {
      if (snapshot.revision !== revision || snapshot.stateVersion !== aggregate.stateVersion) continue;
      this.passed.push({
        stream,
        stateVersion: snapshot.stateVersion,
        state: aggregate.snapshot.toJson(state as never),
      });
    }
  }

  /** Where a snapshot differs from the fold at its revision. */
  async *differences(): AsyncGenerator<Finding, void> {
    for (const { stream, stateVersion, state } of this.passed) {
      const { rows } = await this.database.query<{ state: unknown }>(
        `SELECT state -> 'state' AS state FROM snapshots WHERE stream = $1 AND state_version = $2`,
        [stream, stateVersion],
      );
      const expected = JSON.parse(JSON.stringify(state)) as unknown;
      for (const { path, expected: wanted, found } of unlike(expected, rows[0]?.state)) {
        yield {
          where: `snapshot of ${stream}`,
          text: `${path} is not what the log says; deleting the snapshot is safe`,
          expected: wanted,
          found,
        };
      }
    }
  }
}
