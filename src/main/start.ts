import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createProbes } from '../api/createApi.js';
import { personalData } from '../infrastructure/crypto/personalData.js';
import { sealedText } from '../infrastructure/crypto/sealedText.js';
import { freeLeftClaims } from '../infrastructure/postgres/leftClaims.js';
import { postgresSubjectKeys } from '../infrastructure/postgres/subjectKeys.js';
import { createLogger } from '../infrastructure/telemetry/logger.js';
import { printBanner } from './banner.js';
import { Closing, embeddedGrace, POLLING_GRACE_MS } from './closing.js';
import { openBroker } from './components/broker.js';
import { openDatabase } from './components/database.js';
import { openStore } from './components/eventStore.js';
import { addressOf, listen } from './components/http.js';
import { openMail } from './components/mail.js';
import { openPayment } from './components/payment.js';
import { openWakeUp } from './components/wakeUp.js';
import type { Config, Role } from './config.js';
import { createCore } from './core.js';
import { claimDataFolder, keptSecret } from './dataFolder.js';
import { startApi } from './roles/api.js';
import { returningTo, startConsumers } from './roles/consumers.js';
import { addProcesses } from './roles/processes.js';
import { addProjections, READ_MODELS, startRebuilds } from './roles/projections.js';
import { leftoverQueries } from '../projections/leftovers/queries.js';
import { startHousekeeping, startReconciliation } from '../processes/index.js';
import { readinessOf } from './readiness.js';
import { kitchenTold, paymentAsked, reconciled } from './reconciliation.js';
import { requireSameLog } from './sameLog.js';
import { requireSameSecret } from './sameSecret.js';

/** A Comanda that runs. */
export interface Running {
  /**
   * Ends everything in order: requests and all that works, then connections and embedded components.
   * @returns the names of what did not end in its time, or not cleanly
   */
  stop(): Promise<readonly string[]>;
}

const TENANT = 'main';
/** How long requests under way may take to come to their end; whoever waits for an outcome is answered at once. */
const REQUEST_GRACE_MS = 10_000;
/** Nothing that serves takes longer, and a server that is frozen, or gone without a word, is to be found out soon. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Without its snapshot a stream is replayed, so that a database that is silent keeps no command waiting for longer. */
const SNAPSHOT_WITHIN_MS = 2_000;

/**
 * Starts the given roles of Comanda in this process.
 * @throws StartupError, with everything that had been started stopped again
 */
export async function start(config: Config, roles: readonly Role[]): Promise<Running> {
  const log = createLogger(config.logLevel);
  const closing = new Closing(log);
  const stopping = new AbortController();
  const stop = async () => {
    stopping.abort();
    return await closing.run();
  };
  try {
    await open(config, new Set(roles), { log, closing, stopping: stopping.signal });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Opening {
  readonly log: ReturnType<typeof createLogger>;
  readonly closing: Closing;
  readonly stopping: AbortSignal;
}

async function open(wanted: Config, roles: ReadonlySet<Role>, { log, closing, stopping }: Opening): Promise<void> {
  const folder = await claimDataFolder(wanted.dataFolder);
  closing.add('claims', 'data folder', () => folder.release());
  const config: Config = { ...wanted, dataFolder: folder.path };
  const secret = config.secret ?? (await keptSecret(folder.path));
  const address = addressOf(config, roles.has('api'));
  const http = address && (await listen(address));
  if (http) closing.add('claims', 'port', () => http.stop(0));
  const apiUrl = http && roles.has('api') ? http.url : `http://127.0.0.1:${config.port}`;

  // the payment simulator first: its port may be taken, and that should cost no start of a database
  const payment = await openPayment(config, secret, `${apiUrl}/v1/webhooks/stripe`, log);
  closing.add('connections', 'payment', () => payment.stop());
  const [store, database] = await bothOrNeither(
    openStore(config, log),
    openDatabase(config, READ_MODELS, log, STATEMENT_TIMEOUT_MS),
  );
  closing.add('connections', 'database', () => database.stop(), embeddedGrace(config.postgresUrl));
  closing.add('connections', 'event store', () => store.stop(), embeddedGrace(config.eventStoreUrl));
  await requireSameLog(store.feed, database.database, { store: store.describe, database: database.describe });
  await requireSameSecret(database.database, secret, {
    from: config.secret === undefined ? join(folder.path, 'secret') : 'COMANDA_SECRET',
    database: database.describe,
  });
  const broker = await openBroker(config, database.database, log);
  closing.add(config.rabbitmqUrl === undefined ? 'queues' : 'connections', 'broker', () => broker.stop());
  const mail = openMail(config);
  const { wakeUp, ...wakeUps } = openWakeUp(config, log);
  closing.add('connections', 'wake-ups', () => wakeUps.stop());

  // nobody can share an embedded component, so whatever is still claimed was claimed by a process that is dead
  const alone = config.postgresUrl === undefined || config.eventStoreUrl === undefined;
  if (alone) await freeLeftClaims(database.database);
  const owner = `${hostname()}/${process.pid}`;
  const core = createCore({
    store,
    database,
    snapshots: database.database.within(SNAPSHOT_WITHIN_MS),
    wakeUp,
    log,
    owner,
    alone,
  });
  if (roles.has('projections')) addProjections(core.subscriptions, wakeUp, broker);
  const processes = roles.has('processes')
    ? addProcesses(core, database.database, payment.provider, config, log)
    : undefined;
  if (roles.has('api')) core.subscriptions.addListener(core.catalogue.listener);

  const returnTo = returningTo(config.publicUrl ?? apiUrl);
  const consumers = roles.has('consumers')
    ? startConsumers({
        core,
        database: database.database,
        broker,
        provider: payment.provider,
        personalData: personalData(postgresSubjectKeys(database.database), secret),
        sealed: sealedText(secret),
        mails: mail.mails,
        carriers: config.carrierSecrets.keys(),
        carrierSimulator: config.carrierSimulator,
        checkEngine: config.checkEngine,
        returnTo,
        tenant: TENANT,
        log,
        closing,
      })
    : undefined;
  // a RabbitMQ that is away delays what follows from an order, and must not keep orders from being accepted
  if (config.rabbitmqUrl === undefined) await consumers?.consuming;
  else consumers?.consuming.catch((error: unknown) => log.error('the consumers could not begin', { error }));
  await core.subscriptions.start();
  closing.add('work', 'subscriptions', () => core.subscriptions.stop());
  if (roles.has('projections')) {
    const rebuilds = startRebuilds(core, store, database.database, owner, log);
    closing.add('work', 'rebuilds', () => rebuilds.stop(), POLLING_GRACE_MS);
  }
  const timers = processes?.startTimers();
  if (timers) closing.add('work', 'timers', () => timers.stop(), POLLING_GRACE_MS);
  if (processes) {
    const hearing = { executor: core.executor, clock: core.clock, folds: core.subscriptions.folds };
    const compared = {
      ...reconciled(payment.provider, database.database, store.eventStore, core.clock),
      tellKitchen: kitchenTold(hearing),
      askPayment: paymentAsked({ ...hearing, provider: payment.provider, returnTo }),
      tenant: TENANT,
    };
    const reconciliation = startReconciliation({
      database: database.database,
      clock: core.clock,
      reconcile: (span) => processes.reconcile(compared, span),
      failed: (error, span) => log.warn('a reconciliation failed; the next one makes up for it', { span, error }),
    });
    closing.add('work', 'reconciliation', () => reconciliation.stop());
    const housekeeping = startHousekeeping({
      database: database.database,
      streams: store.removal,
      locations: leftoverQueries(database.database).locations,
      clock: core.clock,
      failed: (error) => log.warn('what is old could not be deleted; it is tried again in an hour', { error }),
    });
    closing.add('work', 'housekeeping', () => housekeeping.stop(), POLLING_GRACE_MS);
  }
  const readiness = readinessOf({ store, database, broker, wakeUps, kitchenSimulator: config.kitchenSimulator });
  if (http && roles.has('api')) {
    await startApi({
      core,
      store,
      database,
      http,
      broker,
      wakeUp,
      readiness,
      provider: payment.provider,
      carrierSecrets: config.carrierSecrets,
      onWebhook: consumers?.wakeInbox ?? (() => undefined),
      secret,
      version: version(),
      log,
      stopping,
    });
  } else http?.serve(createProbes({ readiness, clock: core.clock, log, stopping }));
  if (http) closing.add('work', 'requests', () => http.stop(REQUEST_GRACE_MS));
  printBanner({
    roles: [...roles],
    ...(roles.has('api') ? { apiUrl: http?.url, probesUrl: undefined } : { apiUrl: undefined, probesUrl: http?.url }),
    simulatorUrl: payment.simulatorUrl,
    store,
    database,
    broker,
    wakeUps,
    payment,
    mail,
    kitchenSimulator: config.kitchenSimulator,
    carrierSimulator: config.carrierSimulator,
    checkEngine: config.checkEngine,
  });
}

/** Two components side by side; when one fails, the other is stopped before the failure is passed on. */
async function bothOrNeither<A extends { stop(): Promise<void> }, B extends { stop(): Promise<void> }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') await a.value.stop();
  if (b.status === 'fulfilled') await b.value.stop();
  throw a.status === 'rejected' ? a.reason : (b as PromiseRejectedResult).reason;
}

/** The version of the package that this program is part of. */
export function version(): string {
  const { version: stated } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return stated;
}
