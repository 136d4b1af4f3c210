import type { FeedItem } from './feed/feedItem.js';
import type { Queryable } from './ports/database.js';

/** An event that a runner could not handle, or that comes after such a one. */
export interface ParkedItem {
  readonly item: FeedItem;
  /** What the runner keeps in order, where that is not the stream. */
  readonly key: string | null;
  readonly reason: string;
}

/** Which streams and keys of a runner are held back. Later events of them are parked too, so that they can be replayed in order. */
export class HeldBack {
  private constructor(
    private readonly streams: ReadonlySet<string>,
    private readonly keys: ReadonlySet<string>,
  ) {}

  static of(streams: Iterable<string>, keys: Iterable<string>): HeldBack {
    return new HeldBack(new Set(streams), new Set(keys));
  }

  get isEmpty(): boolean {
    return this.streams.size === 0;
  }

  has(stream: string, key: string | null): boolean {
    return this.streams.has(stream) || (key !== null && this.keys.has(key));
  }

  and(parked: readonly ParkedItem[]): HeldBack {
    if (parked.length === 0) return this;
    return HeldBack.of(
      [...this.streams, ...parked.map(({ item }) => item.stream)],
      [...this.keys, ...parked.flatMap(({ key }) => key ?? [])],
    );
  }
}

/** What a runner has parked so far. */
export async function loadHeldBack(database: Queryable, runner: string): Promise<HeldBack> {
  const { rows } = await database.query<{ stream: string; key: string | null }>(
    'SELECT DISTINCT stream, key FROM parked WHERE runner = $1',
    [runner],
  );
  return HeldBack.of(
    rows.map(({ stream }) => stream),
    rows.flatMap(({ key }) => key ?? []),
  );
}

/** Writes parked events down; one that is there already stays as it is. */
export async function park(transaction: Queryable, runner: string, parked: readonly ParkedItem[]): Promise<void> {
  if (parked.length === 0) return;
  const column = <T>(of: (parked: ParkedItem) => T): T[] => parked.map(of);
  await transaction.query(
    `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, key, reason)
     SELECT $1, * FROM unnest($2::numeric[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[])
     ON CONFLICT DO NOTHING`,
    [
      runner,
      column(({ item }) => item.position.toString()),
      column(({ item }) => item.stream),
      column(({ item }) => item.revision),
      column(({ item }) => item.id),
      column(({ item }) => item.type),
      column(({ key }) => key),
      column(({ reason }) => reason),
    ],
  );
}
