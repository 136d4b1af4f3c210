import { openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { openRabbitMq } from '../../../src/infrastructure/rabbitmq/open.js';

// a program of its own: consumes, says which message it works on, and never gets done with it

const [, , kind, url = '', queue = ''] = process.argv;
const broker =
  kind === 'embedded' ? await openEmbeddedBroker({ database: openPostgres({ url }) }) : await openRabbitMq({ url });
await broker.consumer.consume({
  queue,
  bindings: [],
  prefetch: 10,
  handle: async ({ message }) => {
    process.stdout.write(`handling ${message.id}\n`);
    await new Promise(() => undefined);
  },
});
