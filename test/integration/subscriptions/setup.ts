import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import type { ReadModelSchema } from '../../../src/projections/ports/readModelSchema.js';
import {
  createSubscriptions,
  type Subscriptions,
  type SubscriptionsOptions,
} from '../../../src/subscriptions/subscriptions.js';
import { type KeptLog, keptLog, MemoryLog } from '../../support/projections.js';
import { postgres } from '../../support/services/index.js';

/** A database of a suite's own with all tables, and subscriptions over a log in memory. */
export interface Ground {
  readonly database: PostgresDatabase;
  readonly url: string;
  readonly log: MemoryLog;
  readonly kept: KeptLog;
  /** Subscriptions as another process would have them; stopped by `leave`. Quick in all that real ones are patient in. */
  subscriptions(change?: Partial<SubscriptionsOptions>): Subscriptions;
  /** Stops what `subscriptions` made, empties the tables and begins a new log. */
  clear(): Promise<void>;
  leave(): Promise<void>;
}

const QUICK = {
  leaseMs: 1_500,
  heartbeatMs: 50,
  firstBatchRetryMs: 5,
  firstRetryMs: 5,
  maxRetryMs: 50,
  giveUpAfterMs: 100,
  drainMs: 1_000,
};

export async function enter(readModels: readonly ReadModelSchema[], more: readonly string[] = []): Promise<Ground> {
  const service = await postgres();
  const suite = await service.createDatabase();
  const { url } = suite;
  await migrate({ url, readModels });
  const database = openPostgres({ url, maxConnections: 10 });
  for (const statement of more) await database.query(statement);
  let log = new MemoryLog();
  let kept = keptLog();
  let running: Subscriptions[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((subscriptions) => subscriptions.stop()));
    running = [];
  };
  return {
    database,
    url,
    get log() {
      return log;
    },
    get kept() {
      return kept;
    },
    subscriptions: (change = {}) => {
      const made = createSubscriptions({
        feed: log,
        reader: log,
        database,
        log: kept,
        owner: `process ${running.length + 1}`,
        ...change,
        runnerTimings: { ...QUICK, ...change.runnerTimings },
      });
      running.push(made);
      return made;
    },
    clear: async () => {
      await stop();
      const { rows } = await database.query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables
         WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'read_model_schemas')`,
      );
      await database.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
      log = new MemoryLog();
      kept = keptLog();
    },
    leave: async () => {
      await stop();
      await database.close();
      await suite.drop();
    },
  };
}
