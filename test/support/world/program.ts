import type { Executor } from '../../../src/commands/executor/contract.js';
import type { Clock } from '../../../src/commands/ports/clock.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
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
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { cancellation } from '../../../src/processes/cancellation.js';
import { COMPLETION_DELAYS, completion, completionDue } from '../../../src/processes/completion.js';
import { confirming } from '../../../src/processes/confirming.js';
import { delivery } from '../../../src/processes/delivery.js';
import { createEngine, type Engine } from '../../../src/processes/engine/engine.js';
import { reactorOf } from '../../../src/processes/engine/reactor.js';
import { type Related, relatedBy } from '../../../src/processes/engine/related.js';
import { fulfilment } from '../../../src/processes/fulfilment.js';
import { holdDeadline, holdDue } from '../../../src/processes/holdDeadline.js';
import { itemsDone, kitchenSimulator } from '../../../src/processes/kitchenSimulator.js';
import { moneyHeld, moneyHeldDue } from '../../../src/processes/moneyHeld.js';
import { paymentDeadline, paymentDue } from '../../../src/processes/paymentDeadline.js';
import { paymentPoll, paymentPollDue } from '../../../src/processes/paymentPoll.js';
import { placing } from '../../../src/processes/placing.js';
import type { Timers } from '../../../src/processes/ports/timers.js';
import { refund } from '../../../src/processes/refund.js';
import { screeningDeadline, screeningDue } from '../../../src/processes/screeningDeadline.js';
import { tasks } from '../../../src/processes/tasks.js';
import { ticketDue, ticketFiring } from '../../../src/processes/ticketFiring.js';
import { type Fire, firing } from '../../../src/processes/timers/timerRunner.js';
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

/** Every process and consumer, on ports in memory. */
export function programOn(parts: ProgramParts): Program {
  const { executor, clock, provider, timers, publish, simulateKitchen } = parts;
  const settings = { now: () => DEFAULT_SETTINGS };
  const folds = createFolds({ reader: parts.reader });
  const related = relatedBy(executor, settings);
  const engine = createEngine({ executor, clock, timers, sessions: observedSessions(provider, clock) });
  const bound = { engine, folds, related };
  return {
    engine,
    related,
    consumers: [
      paymentConsumer({
        executor,
        clock,
        provider,
        returnTo: (orderId) => ({ successUrl: `http://shop/${orderId}`, cancelUrl: `http://shop/${orderId}` }),
      }),
      refundConsumer({ executor, clock, provider }),
      holdConsumer({ executor, clock, provider }),
      kitchenConsumer({ executor, clock }),
      checkEngine({ callbacks: { publish }, clock }),
      checkResults({ executor, clock, settings }),
    ],
    reactors: [
      reactorOf(placing, bound),
      reactorOf(screeningDeadline, bound),
      reactorOf(paymentDeadline, bound),
      reactorOf(paymentPoll, bound),
      reactorOf(confirming, bound),
      reactorOf(moneyHeld, bound),
      reactorOf(fulfilment, bound),
      reactorOf(delivery, bound),
      reactorOf(ticketFiring, bound),
      reactorOf(cancellation, bound),
      reactorOf(holdDeadline, bound),
      reactorOf(refund, bound),
      reactorOf(tasks, bound),
      reactorOf(completion(COMPLETION_DELAYS), bound),
      ...(simulateKitchen ? [reactorOf(kitchenSimulator, bound)] : []),
      publisherReactor({ folds, publisher: { publish } }),
    ],
    fire: new Map([
      [paymentDue.name, firing(paymentDue, engine, related)],
      [paymentPollDue.name, firing(paymentPollDue, engine, related)],
      [moneyHeldDue.name, firing(moneyHeldDue, engine, related)],
      [screeningDue.name, firing(screeningDue, engine, related)],
      [holdDue.name, firing(holdDue, engine, related)],
      [ticketDue.name, firing(ticketDue, engine, related)],
      [completionDue.name, firing(completionDue, engine, related)],
      ...(simulateKitchen ? ([[itemsDone.name, firing(itemsDone, engine, related)]] as const) : []),
    ]),
    webhook: recordWebhook({ executor, clock, provider, tenant: 'main' }),
  };
}
