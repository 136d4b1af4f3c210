import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { openRabbitMq } from '../../../src/infrastructure/rabbitmq/open.js';

// a program of its own: consumes and says which message it works on; `hangs` never gets done with one, `works` does

const [, , kind, url = '', queue = '', manner = 'hangs'] = process.argv;
const broker =
  kind === 'embedded' ? await openEmbeddedBroker({ database: openPostgres({ url }) }) : await openRabbitMq({ url });
await broker.consumer.consume({
  queue,
  bindings: [],
  prefetch: 10,
  handle: async ({ message }) => {
    process.stdout.write(`handling ${message.id}\n`);
    if (manner === 'hangs') await new Promise(() => undefined);
    await sleep(2);
  },
});
