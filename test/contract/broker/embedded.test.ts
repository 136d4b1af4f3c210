import { openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { postgres } from '../../support/services/index.js';
import { brokerContract } from './contract.js';

brokerContract('embedded in PostgreSQL', async () => {
  const server = await postgres();
  const { url } = await server.createDatabase();
  return {
    open: async (options) => {
      const database = openPostgres({ url, statementTimeoutMs: 2_000 });
      const broker = await openEmbeddedBroker({ ...options, database });
      let closed: Promise<void> | undefined;
      return { ...broker, close: () => (closed ??= broker.close().then(() => database.close())) };
    },
    server: () => server,
    address: () => ({ kind: 'embedded', url }),
  };
});
