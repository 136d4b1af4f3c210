import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../../consumers/payment/ports/providerLists.js';
import {
  SimulatorFolderUnusable,
  SimulatorPortTaken,
  startStripeSimulator,
  type StripeSimulator,
} from '../../embedded/stripe-simulator/index.js';
import { stripePaymentProvider } from '../../infrastructure/stripe/index.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { Config } from '../config.js';
import { StartupError } from '../startupError.js';
import { type Component, placeOf } from './component.js';

export interface PaymentComponent extends Component {
  readonly provider: PaymentProvider & ProviderLists;
  /** Where payment pages are served, if by the simulator. */
  readonly simulatorUrl: string | undefined;
}

/** Keys that the simulator and its client share; the same on every start, for stored sessions outlive one. */
export const simulatorKeys = (secret: string) => {
  const derived = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('hex').slice(0, 32);
  return {
    secretKey: `sk_test_${derived('stripe simulator key')}`,
    webhookSecret: `whsec_${derived('stripe simulator webhook')}`,
  };
};

/** Stripe where STRIPE_SECRET_KEY is set, else the simulator on its own port; the same client talks to both. */
export async function openPayment(
  config: Config,
  secret: string,
  webhookUrl: string,
  log: Logger,
): Promise<PaymentComponent> {
  const { secretKey, webhookSecret, apiBase } = config.stripe;
  if (secretKey !== undefined && webhookSecret !== undefined) {
    return {
      provider: stripePaymentProvider({ secretKey, webhookSecret, ...(apiBase === undefined ? {} : { apiBase }) }),
      simulatorUrl: undefined,
      describe: apiBase === undefined ? 'Stripe' : `Stripe's API at ${placeOf(apiBase)}`,
      stop: () => Promise.resolve(),
    };
  }
  const simulator = await startSimulator(config, { ...simulatorKeys(secret), webhookUrl }, log);
  return {
    provider: stripePaymentProvider({ ...simulatorKeys(secret), apiBase: simulator.url }),
    simulatorUrl: config.stripe.simulatorPublicUrl ?? simulator.url,
    describe: `Stripe simulator on port ${simulator.port}`,
    stop: () => simulator.stop(),
  };
}

/** The provider of a Comanda that runs: Stripe, or the simulator that it has started. Nothing is started here. */
export function joinPayment({ stripe }: Config, secret: string): PaymentProvider & ProviderLists {
  const { secretKey, webhookSecret, apiBase } = stripe;
  if (secretKey !== undefined && webhookSecret !== undefined) {
    return stripePaymentProvider({ secretKey, webhookSecret, ...(apiBase === undefined ? {} : { apiBase }) });
  }
  const { simulatorHost, simulatorPort } = stripe;
  const host = simulatorHost === '0.0.0.0' || simulatorHost === '::' ? '127.0.0.1' : simulatorHost;
  return stripePaymentProvider({ ...simulatorKeys(secret), apiBase: `http://${host}:${simulatorPort}` });
}

/**
 * Starts the Stripe simulator on its configured port.
 * @throws StartupError when the port is taken or its folder cannot be used
 */
export async function startSimulator(
  { stripe, dataFolder }: Config,
  keys: { readonly secretKey: string; readonly webhookSecret: string; readonly webhookUrl: string },
  log: Logger,
): Promise<StripeSimulator> {
  try {
    return await startStripeSimulator({
      ...keys,
      port: stripe.simulatorPort,
      host: stripe.simulatorHost,
      dataFolder: join(dataFolder, 'stripe-simulator'),
      ...(stripe.simulatorPublicUrl === undefined ? {} : { publicUrl: stripe.simulatorPublicUrl }),
      log,
    });
  } catch (cause) {
    if (cause instanceof SimulatorPortTaken) {
      throw new StartupError(
        `STRIPE_SIMULATOR_PORT: port ${stripe.simulatorPort} on ${stripe.simulatorHost} is taken: stop what uses it, or name another`,
        { cause },
      );
    }
    if (cause instanceof SimulatorFolderUnusable) throw new StartupError(cause.message, { cause });
    throw cause;
  }
}
