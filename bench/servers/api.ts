/**
 * Comanda's API role alone, put together from Comanda's own parts as `comanda start --roles api` does, but without a
 * RabbitMQ and a Redis, which that role does not use: so a fresh clone can measure it. Usage: api.js, with Comanda's variables
 */
import { openDatabase } from '#comanda/main/components/database.js';
import { openStore } from '#comanda/main/components/eventStore.js';
import { listen } from '#comanda/main/components/http.js';
import { openPayment } from '#comanda/main/components/payment.js';
import { openWakeUp } from '#comanda/main/components/wakeUp.js';
import { readConfig } from '#comanda/main/config.js';
import { createCore } from '#comanda/main/core.js';
import { readinessOf } from '#comanda/main/readiness.js';
import { startApi } from '#comanda/main/roles/api.js';
import { READ_MODELS } from '#comanda/main/roles/projections.js';
import { createLogger } from '#comanda/infrastructure/telemetry/logger.js';

const config = readConfig(process.env);
const log = createLogger('error');
const http = await listen({ setting: 'PORT', host: config.host, port: 0 });
const secret = config.secret ?? '';
const payment = await openPayment(config, secret, `${http.url}/v1/webhooks/stripe`, log);
const store = await openStore(config, log);
const database = await openDatabase(config, READ_MODELS, log);
const { wakeUp, ...wakeUps } = openWakeUp(config, log);
/** The API itself publishes and consumes nothing; a broker is only asked after by /readyz. */
const deadLetters = {
  queues: () => Promise.resolve([]),
  list: () => Promise.resolve([]),
  count: () => Promise.resolve(0),
  retry: () => Promise.resolve(0),
  discard: () => Promise.resolve(0),
  purge: () => Promise.resolve(0),
};
const broker = { describe: 'none', stop: () => Promise.resolve(), deadLetters };
const core = createCore({ store, database, wakeUp, log, owner: `bench/${process.pid}`, alone: false });
core.subscriptions.addListener(core.catalogue.listener);
await core.subscriptions.start();
await startApi({
  core,
  store,
  database,
  http,
  broker,
  wakeUp,
  readiness: readinessOf({ store, database, broker, wakeUps, kitchenSimulator: false }),
  provider: payment.provider,
  carrierSecrets: new Map(),
  onWebhook: () => undefined,
  secret,
  version: 'bench',
  log,
  stopping: new AbortController().signal,
});
process.stdout.write(`READY ${http.url}\n`);
process.once('SIGTERM', () => process.exit(0));
