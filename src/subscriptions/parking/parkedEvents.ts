import { BUILD_SIGN } from '../lag.js';
import type { Queryable } from '../ports/database.js';

/** A parked event as an operator sees it. */
export interface ParkedEvent {
  /** `RUNNER@POSITION`. */
  readonly id: string;
  readonly runner: string;
  /** Of the event in the log, decimal. */
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  /** What the runner keeps in order, where that is not the stream. */
  readonly key: string | null;
  readonly reason: string;
  /** RFC 3339. */
  readonly parkedAt: string;
  /** When it was last tried again in vain, RFC 3339. */
  readonly triedAt: string | null;
  /** What was asked for and is yet to be done by whoever runs the runner. */
  readonly asked: 'retry' | 'discard' | null;
}

export interface ParkedCount {
  readonly runner: string;
  readonly events: number;
  readonly streams: number;
}

/** What came of an operator's wish. */
export type Asked =
  | { readonly _tag: 'Asked'; readonly events: readonly ParkedEvent[] }
  | { readonly _tag: 'NoSuchParkedEvent' }
  /** Events are handled in order, so only the first of its stream can be dropped alone. */
  | { readonly _tag: 'NotTheFirst'; readonly first: string };

/**
 * Parked events for the operator's tools. A parked event belongs to its runner's owner, whose memory knows what is held
 * back and whose lease fences every commit. So an operator only writes down what is wished; the owner looks for it at each
 * heartbeat and does it within about a second, and when nobody runs the runner, the next owner does it first of all.
 * What a build of a read model has parked that does not serve concerns nobody until it does: it is there for whoever names the build.
 * Every method throws DatabaseUnavailable.
 */
export interface ParkedEvents {
  /** In the order of their streams' events; without those that are being discarded. */
  list(filter?: {
    readonly runner?: string;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<readonly ParkedEvent[]>;
  find(id: string): Promise<ParkedEvent | undefined>;
  /** Of every runner, or of one. */
  counts(runner?: string): Promise<readonly ParkedCount[]>;
  /** Asks to replay the event's whole stream (and key) in order, from its first parked event on that is not to be dropped. */
  retry(id: string): Promise<Asked>;
  /** Asks to replay everything that is parked, or all that one runner has parked; answers what. */
  retryAll(runner?: string): Promise<readonly ParkedEvent[]>;
  /**
   * Asks to drop the event, with every later one of its stream and key where `following` says so.
   * @param agree hears of the event, and of those that would be dropped with it, before anything is asked; what it throws
   * leaves everything as it was
   */
  discard(
    id: string,
    following: boolean,
    agree?: (event: ParkedEvent, behind: readonly ParkedEvent[]) => Promise<void>,
  ): Promise<Asked>;
  /** Of these, how many are still to be done. */
  undone(ids: readonly string[]): Promise<number>;
}

interface Row extends Omit<ParkedEvent, 'parkedAt' | 'triedAt' | 'id'> {
  readonly parked_at: Date;
  readonly tried_at: Date | null;
}

const COLUMNS = `runner, position, stream, revision, event_id AS "eventId", event_type AS type, key, reason, parked_at, tried_at, asked`;

const toEvent = ({ parked_at, tried_at, ...row }: Row): ParkedEvent => ({
  ...row,
  id: `${row.runner}@${row.position}`,
  parkedAt: parked_at.toISOString(),
  triedAt: tried_at?.toISOString() ?? null,
});

/** The parts of an id, or undefined where it is none. */
function parse(id: string): { readonly runner: string; readonly position: string } | undefined {
  const parts = /^(.+)@(\d{1,20})$/.exec(id);
  return parts?.[1] !== undefined && parts[2] !== undefined ? { runner: parts[1], position: parts[2] } : undefined;
}

const LIST_LIMIT = 1_000;
/** $1: the runner, or null for all that anything waits for. */
const OF_RUNNER = `(runner = $1 OR ($1::text IS NULL AND position('${BUILD_SIGN}' IN runner) = 0))`;

export const parkedEvents = (database: Queryable): ParkedEvents => {
  const find = async (id: string): Promise<ParkedEvent | undefined> => {
    const parsed = parse(id);
    if (!parsed) return undefined;
    const { rows } = await database.query<Row>(
      `SELECT ${COLUMNS} FROM parked WHERE runner = $1 AND position = $2::numeric`,
      [parsed.runner, parsed.position],
    );
    return rows[0] && toEvent(rows[0]);
  };

  /** Everything that must be handled in one order with an event, as far as it is parked. */
  const togetherWith = async (event: ParkedEvent): Promise<readonly ParkedEvent[]> => {
    const { rows } = await database.query<Row>(`SELECT ${COLUMNS} FROM parked WHERE runner = $1 ORDER BY position`, [
      event.runner,
    ]);
    const linked = linkedWith(rows, [event]);
    return rows.filter((row) => linked(row)).map(toEvent);
  };

  const ask = async (events: readonly ParkedEvent[], what: 'retry' | 'discard'): Promise<Asked> => {
    const [first] = events;
    if (first) {
      await database.query(`UPDATE parked SET asked = $3 WHERE runner = $1 AND position = ANY ($2::numeric[])`, [
        first.runner,
        events.map(({ position }) => position),
        what,
      ]);
    }
    return { _tag: 'Asked', events };
  };

  return {
    find,
    list: async ({ runner, limit = LIST_LIMIT, after } = {}) => {
      const from = after === undefined ? undefined : parse(after);
      const { rows } = await database.query<Row>(
        `SELECT ${COLUMNS} FROM parked
         WHERE ${OF_RUNNER} AND asked IS DISTINCT FROM 'discard'
           AND ($2::text IS NULL OR (runner, position) > ($2::text, $3::numeric))
         ORDER BY runner, position LIMIT $4`,
        [runner ?? null, from?.runner ?? null, from?.position ?? null, limit],
      );
      return rows.map(toEvent);
    },
    counts: async (runner) => {
      const { rows } = await database.query<ParkedCount>(
        `SELECT runner, count(*) AS events, count(DISTINCT stream) AS streams FROM parked
         WHERE ${OF_RUNNER} AND asked IS DISTINCT FROM 'discard' GROUP BY runner ORDER BY runner`,
        [runner ?? null],
      );
      return rows;
    },
    retry: async (id) => {
      const event = await find(id);
      if (!event) return { _tag: 'NoSuchParkedEvent' };
      const together = await togetherWith(event);
      return await ask(
        together.filter((other) => other.asked !== 'discard' || other.id === event.id),
        'retry',
      );
    },
    retryAll: async (runner) => {
      const { rows } = await database.query<Row>(
        `UPDATE parked SET asked = 'retry'
         WHERE ${OF_RUNNER} AND asked IS DISTINCT FROM 'discard' RETURNING ${COLUMNS}`,
        [runner ?? null],
      );
      return rows.map(toEvent);
    },
    discard: async (id, following, agree) => {
      const event = await find(id);
      if (!event) return { _tag: 'NoSuchParkedEvent' };
      const together = await togetherWith(event);
      const place = together.findIndex((other) => other.id === event.id);
      if (place < 0) return { _tag: 'NoSuchParkedEvent' };
      const earlier = together.slice(0, place).find(({ asked }) => asked !== 'discard');
      if (earlier && !following) return { _tag: 'NotTheFirst', first: earlier.id };
      const behind = following ? together.slice(place + 1) : [];
      await agree?.(event, behind);
      return await ask([event, ...behind], 'discard');
    },
    undone: async (ids) => {
      const wanted = ids.flatMap((id) => parse(id) ?? []);
      const { rows } = await database.query<{ count: number }>(
        `SELECT count(*) AS count FROM parked
         JOIN unnest($1::text[], $2::numeric[]) AS wanted (runner, position) USING (runner, position)
         WHERE asked IS NOT NULL`,
        [wanted.map(({ runner }) => runner), wanted.map(({ position }) => position)],
      );
      return rows[0]?.count ?? 0;
    },
  };
};

/** What two parked events must have in common to be handled in one order. */
export interface Ordered {
  readonly stream: string;
  readonly key: string | null;
}

/**
 * Tells which of these events hang together with the given ones, over shared streams and keys: an event that is parked
 * holds back both its stream and its key, and so whatever shares either.
 */
export function linkedWith(all: readonly Ordered[], given: readonly Ordered[]): (event: Ordered) => boolean {
  const streams = new Set(given.map(({ stream }) => stream));
  const keys = new Set(given.flatMap(({ key }) => key ?? []));
  const linked = ({ stream, key }: Ordered): boolean => streams.has(stream) || (key !== null && keys.has(key));
  for (let before = -1; before !== streams.size + keys.size;) {
    before = streams.size + keys.size;
    for (const event of all) {
      if (!linked(event)) continue;
      streams.add(event.stream);
      if (event.key !== null) keys.add(event.key);
    }
  }
  return linked;
}
