import { BUILD_SIGN } from '../../subscriptions/lag.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

/** A runner's checkpoint. */
export interface RunnerRow {
  readonly name: string;
  readonly position: bigint | null;
}

/** A timer that is neither fired nor cancelled. */
export interface OpenTimer {
  readonly id: string;
  readonly process: string;
  readonly correlation: string;
  readonly dueAt: Date;
  /** What it asks for, as stored. */
  readonly task: { readonly type?: unknown; readonly round?: unknown };
}

/** The first event of a stream or key that a runner holds back, and how many are held back behind it. Builds that do not serve hold back nothing. */
export interface ParkedStream {
  readonly runner: string;
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
  readonly events: number;
}

/** A webhook that was stored and is not worked yet. */
export interface OpenWebhook {
  readonly eventId: string;
  readonly eventType: string;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** A mail to a customer that was begun, and of which it is not known how it ended. */
export interface OpenMail {
  readonly eventId: string;
  readonly template: string;
  readonly createdAt: Date;
}

/** What is in the operational tables at one moment. */
export interface Tables {
  readonly runners: ReadonlyMap<string, RunnerRow>;
  /** When a runner last wrote to its row: the installation was running then. */
  readonly lastSignOfLife: Date;
  /** Open timers by what they are about. */
  readonly timers: ReadonlyMap<string, readonly OpenTimer[]>;
  readonly parked: readonly ParkedStream[];
  readonly webhooks: readonly OpenWebhook[];
  readonly mails: readonly OpenMail[];
}

/** Reads the operational tables; all statements must see the same moment. */
export async function readTables(database: Queryable): Promise<Tables> {
  const runners = await database.query<{ name: string; position: string | null }>(
    'SELECT name, position FROM checkpoints',
  );
  const life = await database.query<{ at: Date | null }>('SELECT max(updated_at) AS at FROM checkpoints');
  const timers = await database.query<Omit<OpenTimer, 'dueAt' | 'task'> & { due_at: Date; task: OpenTimer['task'] }>(
    `SELECT id, process, correlation, due_at, command -> 'task' AS task FROM timers WHERE fired_at IS NULL AND NOT cancelled`,
  );
  const parked = await database.query<ParkedStream>(
    `SELECT DISTINCT ON (runner, stream) runner, stream, revision, reason,
            (count(*) OVER (PARTITION BY runner, stream))::int AS events
       FROM parked WHERE position($1 IN runner) = 0 ORDER BY runner, stream, revision`,
    [BUILD_SIGN],
  );
  const webhooks = await database.query<{
    event_id: string;
    event_type: string;
    received_at: Date;
    attempts: number;
    last_error: string | null;
  }>('SELECT event_id, event_type, received_at, attempts, last_error FROM webhook_inbox WHERE processed_at IS NULL');

  const mails = await database.query<{ event_id: string; template: string; created_at: Date }>(
    'SELECT event_id, template, created_at FROM notification_inbox WHERE settled_at IS NULL',
  );

  const byCorrelation = new Map<string, OpenTimer[]>();
  for (const { due_at, task, ...timer } of timers.rows) {
    const open = { ...timer, dueAt: due_at, task };
    const known = byCorrelation.get(timer.correlation);
    if (known) known.push(open);
    else byCorrelation.set(timer.correlation, [open]);
  }
  return {
    runners: new Map(
      runners.rows.map(({ name, position }) => [name, { name, position: position === null ? null : BigInt(position) }]),
    ),
    lastSignOfLife: life.rows[0]?.at ?? new Date(0),
    timers: byCorrelation,
    parked: parked.rows,
    webhooks: webhooks.rows.map((row) => ({
      eventId: row.event_id,
      eventType: row.event_type,
      receivedAt: row.received_at,
      attempts: row.attempts,
      lastError: row.last_error,
    })),
    mails: mails.rows.map((row) => ({
      eventId: row.event_id,
      template: row.template,
      createdAt: row.created_at,
    })),
  };
}
