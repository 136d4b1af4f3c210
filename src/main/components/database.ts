import { join } from 'node:path';
import { EmbeddedPostgresFailed } from '../../embedded/postgres/errors.js';
import { startEmbeddedPostgres } from '../../embedded/postgres/start.js';
import { migrate } from '../../infrastructure/postgres/migrate.js';
import { openPostgres, type PostgresDatabase } from '../../infrastructure/postgres/database.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { ReadModelSchema } from '../../projections/ports/readModelSchema.js';
import type { Config } from '../config.js';
import { StartupError } from '../startupError.js';
import { type Component, placeOf } from './component.js';

export interface DatabaseComponent extends Component {
  readonly database: PostgresDatabase;
}

/**
 * PostgreSQL, embedded or the one of POSTGRES_URL, with every table up to date.
 * @param statementTimeoutMs how long a statement may take, where that is not as usual
 * @throws StartupError when it cannot be started, reached or migrated
 */
export async function openDatabase(
  config: Config,
  readModels: readonly ReadModelSchema[],
  log: Logger,
  statementTimeoutMs?: number,
): Promise<DatabaseComponent> {
  const server = await serverOf(config, log);
  try {
    await migrate({ url: server.url, readModels, log: (line) => log.info(line) });
  } catch (cause) {
    await server.stop();
    throw new StartupError(
      config.postgresUrl === undefined
        ? `COMANDA_DATA: the ${server.place} could not be prepared (${messageOf(cause)}): put its folder back from a backup, or name another data folder`
        : `POSTGRES_URL: the PostgreSQL at ${server.place} could not be prepared (${messageOf(cause)}): is it running, and may this user create tables?`,
      { cause },
    );
  }
  const database = openPostgres({
    url: server.url,
    maxConnections: 20,
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    onConnectionLost: (error) => log.warn('a database connection was lost', { error }),
  });
  return {
    database,
    describe: server.describe,
    stop: async () => {
      await database.close();
      await server.stop();
    },
  };
}

interface Server extends Component {
  readonly url: string;
  readonly place: string;
}

async function serverOf({ postgresUrl, dataFolder }: Config, log: Logger): Promise<Server> {
  if (postgresUrl !== undefined) {
    const place = placeOf(postgresUrl);
    return { url: postgresUrl, place, describe: `PostgreSQL at ${place}`, stop: () => Promise.resolve() };
  }
  try {
    const server = await startEmbeddedPostgres({
      dataFolder: join(dataFolder, 'postgres'),
      log: (line) => log.info(line),
    });
    return { ...server, place: server.describe };
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresFailed) throw new StartupError(cause.message, { cause });
    throw cause;
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
