import type { Executor } from '../../../src/commands/executor/contract.js';
import type { Clock } from '../../../src/commands/ports/clock.js';
import type { CurrentSettings } from '../../../src/commands/ports/currentSettings.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { carrierAnswers } from '../../../src/consumers/carrier/carrierAnswers.js';
import { carrierEngine } from '../../../src/consumers/carrier/carrierEngine.js';
import { kitchenConsumer } from '../../../src/consumers/kitchen/kitchenConsumer.js';
import { holdConsumer } from '../../../src/consumers/payment/holdConsumer.js';
import { observedSessions } from '../../../src/consumers/payment/observation.js';
import { paymentConsumer } from '../../../src/consumers/payment/paymentConsumer.js';
import type { PaymentProvider } from '../../../src/consumers/payment/ports/paymentProvider.js';
import { refundConsumer } from '../../../src/consumers/payment/refundConsumer.js';
import { recordWebhook } from '../../../src/consumers/payment/webhookInbox/recordWebhook.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import { checkEngine } from '../../../src/consumers/screening/checkEngine.js';
import { checkResults } from '../../../src/consumers/screening/checkResults.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { bindProcesses } from '../../../src/processes/bindProcesses.js';
import { createEngine, type Engine } from '../../../src/processes/engine/engine.js';
import { type Related, relatedBy } from '../../../src/processes/engine/related.js';
import type { UnpaidOrders } from '../../../src/processes/ports/unpaidOrders.js';
import type { Timers } from '../../../src/processes/ports/timers.js';
import type { Fire } from '../../../src/processes/timers/timerRunner.js';
import { publisherReactor } from '../../../src/projections/publishers/publisher.js';
import type { ReactorDefinition } from '../../../src/subscriptions/contract.js';
import { createFolds } from '../../../src/subscriptions/folds.js';

export interface ProgramParts {
  readonly executor: Executor;
  readonly reader: Parameters<typeof createFolds>[0]['reader'];
  readonly clock: Clock;
  readonly provider: PaymentProvider;
  readonly timers: Timers;
  /** Puts a message into the queue of each consumer that wants its type. */
  readonly publish: (message: CloudEvent<unknown>) => Promise<void>;
  /** Cook by itself. */
  readonly simulateKitchen: boolean;
  /** Absent: nobody is to be asked for them. */
  readonly unpaidOrders?: UnpaidOrders;
  /** Absent: the usual ones. */
  readonly settings?: CurrentSettings;
}

/** What a process of Comanda is made of besides its API; whoever holds it says what is worked when. */
export interface Program {
  readonly engine: Engine;
  readonly related: Related;
  readonly reactors: readonly ReactorDefinition[];
  readonly consumers: readonly ConsumeOptions[];
  readonly fire: ReadonlyMap<string, Fire>;
  readonly webhook: ReturnType<typeof recordWebhook>;
}

/** Where somebody lives, as everywhere in this world, and where nobody lives any more. */
export const someAddress = 'sealed:somewhere' as Sealed;
export const goneAddress = 'sealed:gone' as Sealed;
const people: Parameters<typeof carrierEngine>[0]['personalData'] = {
  open: (sealed) =>
    Promise.resolve(
      sealed === goneAddress
        ? undefined
        : ({ name: 'A guest', street: 'Via Breve 1', city: 'Genova', country: 'IT' } as never),
    ),
};

/** Where a payer goes after the payment page. */
export const toShop = (orderId: string) => ({
  successUrl: `http://shop/${orderId}`,
  cancelUrl: `http://shop/${orderId}`,
});

/** Every process and consumer, on ports in memory. */
export function programOn(parts: ProgramParts): Program {
  const { executor, clock, provider, timers, publish, simulateKitchen } = parts;
  const unpaidOrders = parts.unpaidOrders ?? {
    shows: () => Promise.reject(new Error('there is no order view in this world')),
    withArticle: () => Promise.resolve([]),
  };
  const settings = parts.settings ?? { now: () => DEFAULT_SETTINGS };
  const folds = createFolds({ reader: parts.reader });
  const related = relatedBy(executor, settings, clock);
  const engine = createEngine({ executor, clock, timers, sessions: observedSessions(provider, clock) });
  const { reactors, fire } = bindProcesses({ engine, folds, related }, { simulateKitchen, unpaidOrders });
  return {
    engine,
    related,
    consumers: [
      paymentConsumer({
        executor,
        clock,
        provider,
        returnTo: toShop,
      }),
      refundConsumer({ executor, clock, provider }),
      holdConsumer({ executor, clock, provider }),
      kitchenConsumer({ executor, clock }),
      checkEngine({ callbacks: { publish }, clock }),
      checkResults({ executor, clock, settings }),
      carrierEngine({ callbacks: { publish }, personalData: people }),
      carrierAnswers({ executor, clock }),
    ],
    reactors: [...reactors, publisherReactor({ folds, publisher: { publish } })],
    fire,
    webhook: recordWebhook({ executor, clock, provider, tenant: 'main' }),
  };
}
