import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { Timers } from '../ports/timers.js';
import { type DueTimer, OriginCodec, TimerTaskCodec } from './timer.js';

/** The column `command`: what to do, and the envelope of the event that asked for it. */
const CommandCodec = t.type({ task: TimerTaskCodec, origin: OriginCodec });

interface Row {
  readonly id: string;
  readonly process: string;
  readonly correlation: string;
  readonly due_at: Date;
  readonly command: unknown;
  readonly now: Date;
}

/** The time by which timers are claimed, in statements whose first parameter says it, or is null. */
const NOW = 'coalesce($1::timestamptz, now())';

/** A change that waits to be written, and who waits for it. */
type Wish = ({ readonly set: DueTimer } | { readonly cancel: string }) & {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** A timer that was claimed, and when (RFC 3339): never before it was due. An unreadable one says why. */
export type Claimed = { readonly id: string; readonly dueAt: string; readonly claimedAt: string } & (
  { readonly timer: DueTimer } | { readonly unreadable: string }
);

export interface TimerTableOptions {
  /** Told of every timer that was set, so that a runner in this process need not look for it. */
  readonly scheduled?: (dueAt: string) => void;
  /** What the time is, where a test says that; default: as the database says. */
  readonly clock?: Clock | undefined;
}

/**
 * Timers in the table `timers`. Whether the time of one has come is for the database's clock to say, which is the same for all
 * machines: one whose own clock is ahead would end the orders of the others early, and take what they have claimed.
 */
export class TimerTable implements Timers {
  readonly #database: Queryable;
  readonly #clock: Clock | undefined;
  readonly #scheduled: (dueAt: string) => void;
  #waiting: Wish[] = [];
  #writing = false;

  constructor(database: Queryable, { scheduled = () => undefined, clock }: TimerTableOptions = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#scheduled = scheduled;
  }

  /** The parameter of {@link NOW}. */
  get #said(): string | null {
    return this.#clock?.now() ?? null;
  }

  /** As {@link Timers.schedule}. What is asked for at the same time shares a statement. */
  async schedule(timer: DueTimer): Promise<void> {
    await this.#wish({ set: timer });
    this.#scheduled(timer.dueAt);
  }

  /** As {@link Timers.cancel}. */
  cancel(timerId: string): Promise<void> {
    return this.#wish({ cancel: timerId });
  }

  #wish(what: { readonly set: DueTimer } | { readonly cancel: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...what, resolve, reject });
      if (!this.#writing) void this.#write();
    });
  }

  /** Whoever sets a timer and cancels it later has waited in between, so setting goes before cancelling. */
  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 500);
      try {
        const set = batch.flatMap((wish) => ('set' in wish ? [wish.set] : []));
        const cancel = batch.flatMap((wish) => ('cancel' in wish ? [wish.cancel] : []));
        if (set.length > 0) await this.#insert(set);
        if (cancel.length > 0) await this.#cancel(cancel);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  async #insert(timers: readonly DueTimer[]): Promise<void> {
    const column = (of: (timer: DueTimer) => string): string[] => timers.map(of);
    await this.#database.query(
      `INSERT INTO timers (id, process, correlation, due_at, command)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[])
       ON CONFLICT (id) DO NOTHING`,
      [
        column(({ id }) => id),
        column(({ process }) => process),
        column(({ correlation }) => correlation),
        column(({ dueAt }) => dueAt),
        column(({ task, origin }) => JSON.stringify({ task, origin })),
      ],
    );
  }

  async #cancel(ids: readonly string[]): Promise<void> {
    await this.#database.query('UPDATE timers SET cancelled = true WHERE id = ANY($1) AND fired_at IS NULL', [ids]);
  }

  /** Claims timers of these processes whose time has come, for `leaseMs`; an expired claim is free again. */
  async claimDue(processes: readonly string[], limit: number, leaseMs: number): Promise<readonly Claimed[]> {
    const { rows } = await this.#database.query<Row>(
      `UPDATE timers SET claimed_until = ${NOW} + $4 * interval '1 millisecond'
        WHERE id IN (
          SELECT id FROM timers
           WHERE fired_at IS NULL AND NOT cancelled AND due_at <= ${NOW} AND process = ANY($2)
             AND (claimed_until IS NULL OR claimed_until <= ${NOW})
           ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, process, correlation, due_at, command, ${NOW} AS now`,
      [this.#said, processes, limit, leaseMs],
    );
    return rows.map(claimed);
  }

  /** The timer is done with for ever. */
  async fired(timerId: string): Promise<void> {
    await this.#database.query(`UPDATE timers SET fired_at = ${NOW}, claimed_until = NULL WHERE id = $2`, [
      this.#said,
      timerId,
    ]);
  }

  /** The timer comes again after so many milliseconds. */
  async again(timerId: string, afterMs: number): Promise<void> {
    await this.#database.query(
      `UPDATE timers SET claimed_until = ${NOW} + $3 * interval '1 millisecond' WHERE id = $2`,
      [this.#said, timerId, afterMs],
    );
  }

  /** In how many milliseconds the next timer is due that nobody has claimed; undefined: there is none. */
  async untilNextMs(processes: readonly string[]): Promise<number | undefined> {
    const { rows } = await this.#database.query<{ due_at: Date; now: Date }>(
      `SELECT due_at, ${NOW} AS now FROM timers
        WHERE fired_at IS NULL AND NOT cancelled AND claimed_until IS NULL AND process = ANY($2)
        ORDER BY due_at LIMIT 1`,
      [this.#said, processes],
    );
    return rows[0] && rows[0].due_at.getTime() - rows[0].now.getTime();
  }
}

function claimed({ id, process, correlation, due_at, command, now }: Row): Claimed {
  const [dueAt, claimedAt] = [due_at.toISOString(), now.toISOString()];
  const decoded = CommandCodec.decode(command);
  return E.isRight(decoded)
    ? { id, dueAt, claimedAt, timer: { id, process, correlation, dueAt, ...decoded.right } }
    : { id, dueAt, claimedAt, unreadable: PathReporter.report(decoded).join('; ') };
}
