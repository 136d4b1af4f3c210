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
}

/** A change that waits to be written, and who waits for it. */
type Wish = ({ readonly set: DueTimer } | { readonly cancel: string }) & {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** A timer that was claimed; an unreadable one says why. */
export type Claimed = { readonly id: string; readonly dueAt: string } & (
  { readonly timer: DueTimer } | { readonly unreadable: string }
);

/** Timers in the table `timers`. Every time in it is from the clock port, none from the database. */
export class TimerTable implements Timers {
  readonly #database: Queryable;
  readonly #clock: Clock;
  readonly #scheduled: (dueAt: string) => void;
  #waiting: Wish[] = [];
  #writing = false;

  /** @param scheduled told of every timer that was set, so that a runner in this process need not look for it */
  constructor(database: Queryable, clock: Clock, scheduled: (dueAt: string) => void = () => undefined) {
    this.#database = database;
    this.#clock = clock;
    this.#scheduled = scheduled;
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
      `UPDATE timers SET claimed_until = $1::timestamptz + $4 * interval '1 millisecond'
        WHERE id IN (
          SELECT id FROM timers
           WHERE fired_at IS NULL AND NOT cancelled AND due_at <= $1 AND process = ANY($2)
             AND (claimed_until IS NULL OR claimed_until <= $1)
           ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, process, correlation, due_at, command`,
      [this.#clock.now(), processes, limit, leaseMs],
    );
    return rows.map(claimed);
  }

  /** The timer is done with for ever. */
  async fired(timerId: string): Promise<void> {
    await this.#database.query('UPDATE timers SET fired_at = $2, claimed_until = NULL WHERE id = $1', [
      timerId,
      this.#clock.now(),
    ]);
  }

  /** The timer comes again after so many milliseconds. */
  async again(timerId: string, afterMs: number): Promise<void> {
    await this.#database.query(
      `UPDATE timers SET claimed_until = $2::timestamptz + $3 * interval '1 millisecond' WHERE id = $1`,
      [timerId, this.#clock.now(), afterMs],
    );
  }

  /** When the next timer that nobody has claimed is due; undefined: there is none. */
  async nextDueAt(processes: readonly string[]): Promise<string | undefined> {
    const { rows } = await this.#database.query<{ due_at: Date }>(
      `SELECT due_at FROM timers
        WHERE fired_at IS NULL AND NOT cancelled AND claimed_until IS NULL AND process = ANY($1)
        ORDER BY due_at LIMIT 1`,
      [processes],
    );
    return rows[0]?.due_at.toISOString();
  }
}

function claimed({ id, process, correlation, due_at, command }: Row): Claimed {
  const dueAt = due_at.toISOString();
  const decoded = CommandCodec.decode(command);
  return E.isRight(decoded)
    ? { id, dueAt, timer: { id, process, correlation, dueAt, ...decoded.right } }
    : { id, dueAt, unreadable: PathReporter.report(decoded).join('; ') };
}
