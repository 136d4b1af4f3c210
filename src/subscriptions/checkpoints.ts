import { askedTogether } from './askedTogether.js';
import { LeaseLost } from './faults.js';
import type { Database, Queryable } from './ports/database.js';

/** The right to run a runner: whoever has the highest epoch. */
export interface Lease {
  readonly name: string;
  readonly epoch: number;
  /** Where the runner had come; null: nowhere yet. */
  readonly position: bigint | null;
}

/** How far a runner has come. */
export interface Mark {
  readonly position: bigint | null;
  /** Everything stored up to then is handled; `now`: whatever there is. Absent: nothing new to say. */
  readonly asOf?: Date | 'now';
}

/** Leases and checkpoints as rows of one table. Every method throws DatabaseUnavailable. */
export interface Checkpoints {
  /** Takes the lease unless somebody else's still runs; `takeOver` takes it anyway. */
  acquire(name: string, owner: string, ttlMs: number, takeOver: boolean): Promise<Lease | undefined>;
  /** Prolongs the lease and moves the checkpoint, never backwards; false when the lease is somebody else's by now. */
  renew(lease: Lease, ttlMs: number, mark: Mark): Promise<boolean>;
  /** Lets go of the lease, so that the next owner need not wait; nothing happens if it is somebody else's. */
  release(lease: Lease, mark: Mark): Promise<void>;
  /** Where a runner has come, whoever runs it. */
  positionOf(name: string): Promise<bigint | null>;
  positionsOf(names: readonly string[]): Promise<ReadonlyMap<string, bigint | null>>;
}

interface Row {
  readonly name: string;
  readonly epoch: number;
  readonly position: string | null;
}

const toPosition = (text: string | null | undefined): bigint | null => (text == null ? null : BigInt(text));
const fromPosition = (position: bigint | null): string | null => (position === null ? null : position.toString());
const asOfParam = ({ asOf }: Mark): string | null =>
  asOf === undefined ? null : asOf === 'now' ? 'now' : asOf.toISOString();

/** `greatest` passes over nulls, so a mark never goes back and never becomes unknown again. */
const MOVE = `position = greatest(position, $3::numeric), as_of = greatest(as_of, least($4::timestamptz, now())), updated_at = now()`;

export const checkpoints = (database: Database): Checkpoints => {
  const isTaken = askedTogether(async (names) => {
    const { rows } = await database.query<Row>(
      'SELECT name FROM checkpoints WHERE name = ANY ($1) AND lease_until >= now()',
      [names],
    );
    return new Set(rows.map(({ name }) => name));
  });

  return {
    acquire: async (name, owner, ttlMs, takeOver) => {
      // most of the time it is somebody else's, and to find that out by trying would lock and write its row
      if (!takeOver && (await isTaken(name))) return undefined;
      const { rows } = await database.query<Row>(
        `INSERT INTO checkpoints AS c (name, epoch, owner, lease_until)
       VALUES ($1, 1, $2, now() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE
         SET epoch = c.epoch + 1, owner = excluded.owner, lease_until = excluded.lease_until, updated_at = now()
         WHERE c.lease_until IS NULL OR c.lease_until < now() OR $4
       RETURNING name, epoch, position`,
        [name, owner, ttlMs, takeOver],
      );
      const row = rows[0];
      return row && { name: row.name, epoch: row.epoch, position: toPosition(row.position) };
    },

    renew: async ({ name, epoch }, ttlMs, mark) => {
      const { rowCount } = await database.query(
        `UPDATE checkpoints SET ${MOVE}, lease_until = now() + $5 * interval '1 millisecond'
       WHERE name = $1 AND epoch = $2`,
        [name, epoch, fromPosition(mark.position), asOfParam(mark), ttlMs],
      );
      return rowCount === 1;
    },

    release: async ({ name, epoch }, mark) => {
      await database.query(
        `UPDATE checkpoints SET ${MOVE}, owner = NULL, lease_until = NULL WHERE name = $1 AND epoch = $2`,
        [name, epoch, fromPosition(mark.position), asOfParam(mark)],
      );
    },

    positionOf: async (name) => {
      const { rows } = await database.query<Row>('SELECT name, position FROM checkpoints WHERE name = $1', [name]);
      return toPosition(rows[0]?.position);
    },

    positionsOf: async (names) => {
      const { rows } = await database.query<Row>('SELECT name, position FROM checkpoints WHERE name = ANY ($1)', [
        names,
      ]);
      return new Map(rows.map((row) => [row.name, toPosition(row.position)]));
    },
  };
};

/**
 * Moves the checkpoint inside a transaction that wrote what it stands for. As its last statement: whoever owns the lease by
 * then has raised the epoch, and everything that this transaction wrote is undone.
 * @throws LeaseLost
 */
export async function advance(transaction: Queryable, lease: Lease, mark: Mark): Promise<void> {
  const { rowCount } = await transaction.query(`UPDATE checkpoints SET ${MOVE} WHERE name = $1 AND epoch = $2`, [
    lease.name,
    lease.epoch,
    fromPosition(mark.position),
    asOfParam(mark),
  ]);
  if (rowCount !== 1) throw new LeaseLost(lease.name);
}
