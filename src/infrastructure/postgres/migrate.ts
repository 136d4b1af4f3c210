import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Migration } from 'node-pg-migrate';
import pg from 'pg';
import type { ReadModelSchema } from '../../projections/ports/readModelSchema.js';
import { toDatabaseError } from './errors.js';

export interface MigrateOptions {
  readonly url: string;
  /** Tables of read models to create where (name, version) is not there yet; after the migrations, under the same lock. */
  readonly readModels?: readonly ReadModelSchema[];
  readonly log?: (line: string) => void;
}

/** Two programs that start at once on one database take turns: the lock is PostgreSQL's own and dies with its session. */
const LOCK = 7_305_118_221;
const LOOK_AGAIN_MS = 100;
const CONNECT_WITHIN_MS = 10_000;
/** A server that is frozen, or gone without a word, must not hold up a start for ever; whoever sees to the process starts it again. */
const SILENCE_MS = 180_000;
const GOODBYE_MS = 2_000;

const DIRECTORY = join(import.meta.dirname, 'migrations');

/** Beside each compiled migration lie its declarations and source maps. */
const NOT_A_MIGRATION = String.raw`(\..*|.*\.d\.ts|.*\.map)`;

/**
 * Brings the database up to date: operational tables by numbered migrations (forward only), then read models' tables.
 * Waits while another process does the same. Works from the TypeScript sources and from the compiled files alike.
 * @returns the names of what was applied, in order; empty when all was there.
 * @throws DatabaseUnavailable, DatabaseRejected
 */
export const migrate = async (options: MigrateOptions): Promise<readonly string[]> => {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'comanda migrations',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  });
  // without a listener a connection that dies between two statements would end the process
  client.on('error', () => undefined);
  try {
    await client.connect();
    await takeLock(client);
    const migrations = await runMigrations(client, options.log);
    const readModels = await createReadModels(client, options.readModels ?? []);
    await client.query(`SELECT pg_advisory_unlock($1)`, [LOCK]);
    return [...migrations, ...readModels];
  } catch (error) {
    throw toDatabaseError(error instanceof Error && error.cause instanceof pg.DatabaseError ? error.cause : error);
  } finally {
    // a server that is silent does not answer a goodbye either
    await Promise.race([client.end().catch(() => undefined), sleep(GOODBYE_MS, undefined, { ref: false })]);
  }
};

/** Asks again and again instead of waiting in the server, so that a server that takes its time is told from one that is silent. */
const takeLock = async (client: pg.Client): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock($1) AS taken`, [LOCK]);
    if (rows[0]?.taken === true) return;
    await sleep(LOOK_AGAIN_MS);
  }
};

const runMigrations = async (client: pg.Client, log: (line: string) => void = () => undefined): Promise<string[]> => {
  const applied = await runner({
    dbClient: client,
    dir: DIRECTORY,
    ignorePattern: NOT_A_MIGRATION,
    migrationsTable: 'migrations',
    direction: 'up',
    noLock: true,
    singleTransaction: true,
    logger: { info: () => undefined, warn: log, error: log },
    migrationLoaderStrategies: [{ extensions: ['.js', '.ts'], loader: importAll }],
  });
  return applied.map(({ name }) => name);
};

/** Plain imports: whoever runs the program has already arranged how its modules are loaded. */
const importAll = async (paths: string[]) =>
  await Promise.all(
    paths.map(async (path) => ({
      id: path,
      filePaths: [path],
      actions: (await import(pathToFileURL(path).href)) as Pick<Migration, 'up' | 'down'>,
    })),
  );

const createReadModels = async (client: pg.Client, schemas: readonly ReadModelSchema[]): Promise<string[]> => {
  const created: string[] = [];
  for (const { name, version, statements } of schemas) {
    await client.query('BEGIN');
    const claimed = await client.query(
      'INSERT INTO read_model_schemas (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [name, version],
    );
    if (claimed.rowCount === 1) {
      for (const statement of statements) await client.query(statement);
      created.push(`${name}_v${version}`);
    }
    await client.query('COMMIT');
  }
  return created;
};
