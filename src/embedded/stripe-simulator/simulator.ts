import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Engine } from './engine.js';
import { SimulatorPortTaken } from './errors.js';
import { CallScript, type Script } from './script.js';
import { simulatorServer } from './server.js';
import { openStore } from './store.js';
import { type Log, WebhookDispatcher } from './webhooks.js';

export interface SimulatorOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** A folder of its own; created when it is not there. */
  readonly dataFolder: string;
  /** Where webhooks go; without it none are sent and none are owed. */
  readonly webhookUrl?: string;
  readonly webhookSecret: string;
  /** The key that clients must send, for example `sk_test_simulator`. */
  readonly secretKey: string;
  /** How payers' browsers reach the simulator; default its own `url`. */
  readonly publicUrl?: string;
  /** Milliseconds since 1970; default the machine's clock. Only what Stripe's clock decides follows it, not retries. */
  readonly now?: () => number;
  /** The wait after a webhook's first failure, in milliseconds, doubling up to a minute; default 1,000. */
  readonly firstWebhookRetryMs?: number;
  readonly log: Log;
}

export interface StripeSimulator {
  /** Without a slash at the end; also what STRIPE_API_BASE is to be. */
  readonly url: string;
  readonly port: number;
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** The same as `POST /simulator/script`. */
  script(script: Script): void;
  /** Ends connections, lets what is being written finish and closes the store. Safe to call twice. */
  stop(): Promise<void>;
}

const SWEEP_MS = 1_000;

/**
 * Starts a server that speaks Stripe's API to the real client, with payment pages and signed webhooks, all of it durable
 * in `dataFolder`: whatever it has answered survives `kill -9`. Throws SimulatorPortTaken and SimulatorFolderUnusable.
 */
export async function startStripeSimulator(options: SimulatorOptions): Promise<StripeSimulator> {
  const { host = '127.0.0.1', webhookUrl, webhookSecret, secretKey, now = Date.now, log } = options;
  const store = openStore(options.dataFolder);
  const rendering = { reader: store, publicUrl: '' };
  const calls = new CallScript();
  const dispatcher =
    webhookUrl === undefined
      ? undefined
      : new WebhookDispatcher({
          store,
          rendering,
          url: webhookUrl,
          secret: webhookSecret,
          log,
          firstRetryMs: options.firstWebhookRetryMs ?? 1_000,
        });
  const engine = new Engine({ store, now, onPending: dispatcher && ((webhooks) => dispatcher.add(webhooks)) });
  const applyScript = (script: Script): void => {
    calls.apply(script);
    dispatcher?.apply(script);
  };

  let server: Server;
  try {
    server = await listening(
      simulatorServer({ store, engine, rendering, calls, secretKey, applyScript, log }),
      options.port,
      host,
    );
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${reachable(host)}:${port}`;
  rendering.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '');
  dispatcher?.start();

  // sessions that nobody asks about must end too, for their webhooks
  const sweep = setInterval(() => {
    engine.expireOverdue().catch((error: unknown) => log.error('sessions could not be expired', { error }));
  }, SWEEP_MS);
  sweep.unref();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(sweep);
    await closed(server);
    await dispatcher?.stop();
    await engine.idle();
    await store.close();
  };
  return { url, port, secretKey, webhookSecret, script: applyScript, stop: () => (stopping ??= stop()) };
}

/** How a client on this machine reaches what listens there: "everywhere" is no address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function listening(app: ReturnType<typeof simulatorServer>, port: number, host: string): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => {
      if (!error) resolve(server);
      else if ('code' in error && error.code === 'EADDRINUSE')
        reject(new SimulatorPortTaken(host, port, { cause: error }));
      else reject(error);
    });
  });
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // a client that never ends its request does not keep the simulator alive
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
