import { startEmbeddedPostgres } from '../../../src/embedded/postgres/start.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';

// a program of its own: starts the embedded PostgreSQL, has one write acknowledged, says so, and waits to be killed

const [, , dataFolder = ''] = process.argv;
const server = await startEmbeddedPostgres({ dataFolder, log: () => undefined });
const database = openPostgres({ url: server.url });
await database.query('CREATE TABLE acknowledged AS SELECT 1 AS n');
process.stdout.write('acknowledged\n');
setInterval(() => undefined, 60_000);
