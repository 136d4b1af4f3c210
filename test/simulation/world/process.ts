import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { inMemorySubjectKeys } from '../../support/inMemory/ports.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { openDefaultLocation } from '../../../src/commands/location/openDefaultLocation.js';
import type { RememberedClaims } from '../../../src/commands/order/rememberedClaims.js';
import type { StreamName } from '../../../src/domain/kernel/streams.js';
import type { Clock } from '../../../src/commands/ports/clock.js';
import type { EventStore } from '../../../src/commands/ports/eventStore.js';
import type { WebhookInbox, WebhookVerification } from '../../../src/api/ports/webhookInbox.js';
import type { PaymentProvider } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../../../src/consumers/payment/ports/providerLists.js';
import { providerBooks } from '../../../src/consumers/payment/providerBooks.js';
import { recordedHistory } from '../../../src/commands/replay/index.js';
import type { MessageConsumer } from '../../../src/consumers/ports/messageConsumer.js';
import { postgresIdempotencyClaims } from '../../../src/infrastructure/postgres/idempotencyClaims.js';
import { sealedText } from '../../../src/infrastructure/crypto/sealedText.js';
import { postgresWebhookInbox } from '../../../src/infrastructure/postgres/webhookInbox.js';
import type { Role } from '../../../src/main/config.js';
import { type Core, createCore } from '../../../src/main/core.js';
import { startConsumers } from '../../../src/main/roles/consumers.js';
import { addProcesses } from '../../../src/main/roles/processes.js';
import { addProjections } from '../../../src/main/roles/projections.js';
import { verificationBy } from '../../../src/main/webhooks.js';
import type { CompletionDelay } from '../../../src/processes/index.js';
import type { Leftovers } from '../../../src/processes/ports/leftovers.js';
import type { MessagePublisher } from '../../../src/projections/publishers/ports/messagePublisher.js';
import type { Database } from '../../../src/subscriptions/ports/database.js';
import type { EventFeed } from '../../../src/subscriptions/ports/eventFeed.js';
import type { SubscriptionsOptions } from '../../../src/subscriptions/subscriptions.js';
import { wallClock } from '../kernel/globals.js';
import { Host } from '../kernel/host.js';
import type { Network } from '../kernel/network.js';

export const SECRET = 'a secret for simulations';
/** The same for every process, or one could not read what another stored. Made once: to derive keys takes a while. */
export const sealed = sealedText(SECRET);
/** These shoppers do not say who they are. */
export const nobodyNamed = personalData(inMemorySubjectKeys(), SECRET);

/** Everything outside that one life of a process reaches; made anew for each life. */
export interface Ports {
  readonly eventStore: EventStore;
  readonly feed: EventFeed;
  readonly database: Database & { disconnect(): void };
  readonly publisher: MessagePublisher;
  readonly consumer: MessageConsumer;
  readonly provider: PaymentProvider;
  readonly lists: ProviderLists & Pick<PaymentProvider, 'listRefunds' | 'refund'>;
}

/** How the installation is set up; drawn from the seed. */
export interface Settings {
  readonly kitchenSimulator: boolean;
  readonly completionDelay: CompletionDelay;
  /** How many streams each memory of a process holds. */
  readonly rememberedStreams: number;
  readonly timings: Pick<SubscriptionsOptions, 'feedTimings' | 'runnerTimings'>;
}

/** What requests are served with. */
export interface Api {
  readonly core: Core;
  readonly claims: RememberedClaims;
  readonly verification: WebhookVerification;
  readonly inbox: WebhookInbox;
}

export interface ProcessParts {
  readonly number: number;
  readonly roles: readonly Role[];
  readonly settings: Settings;
  readonly network: Network;
  readonly portsFor: (host: Host) => Ports;
  readonly leftovers: Leftovers;
  /** Told when a life of the process is over. */
  readonly ended: (host: Host) => void;
}

/** One process of Comanda, composed as the program composes itself, on simulated ports. */
export class Process {
  readonly host: Host;
  /** Undefined while it does not serve requests. */
  api: Api | undefined;
  /** Compares the provider's books with ours; undefined while it does not. */
  reconcile: (() => Promise<unknown>) | undefined;
  /** What it follows the log with, wherever that runs; undefined before it has started for the first time. */
  runners: readonly string[] | undefined;
  #ports: Ports | undefined;

  constructor(private readonly parts: ProcessParts) {
    this.host = new Host(`P${parts.number}`);
  }

  get serves(): boolean {
    return this.parts.roles.includes('api');
  }

  /** Begins a life, in a step of its own. */
  start(afterMs = 0): void {
    const { scheduler } = this.parts.network;
    const { life } = this.host;
    scheduler.schedule(undefined, afterMs, `${this.host.name} starts`, () => {
      // it crashed once more meanwhile, and starts again by that: never twice at a time
      if (this.host.life !== life) return;
      this.host.state = 'up';
      scheduler.current = this.host;
      this.#begin().catch((error: unknown) => {
        this.parts.network.trace.note(`${this.host.name} could not start: ${String(error)}`);
        // as a supervisor would
        if (this.host.life === life) this.crash(2_000);
      });
    });
  }

  /** The process is gone, between two calls; another one takes its place after a while. */
  crash(restartAfterMs: number): void {
    const { host } = this;
    host.life += 1;
    host.state = 'down';
    host.held.length = 0;
    this.api = undefined;
    this.reconcile = undefined;
    this.#ports?.database.disconnect();
    this.#ports = undefined;
    this.parts.ended(host);
    this.start(restartAfterMs);
  }

  async #begin(): Promise<void> {
    const { roles, settings, network, portsFor, leftovers } = this.parts;
    const { host } = this;
    const { life } = host;
    const ports = portsFor(host);
    this.#ports = ports;
    const { database, provider, publisher, consumer } = ports;
    const clock: Clock = { now: () => new Date(wallClock(network.scheduler, host)).toISOString() };
    const log = logOf(network, host);
    const wakeUp = inMemoryWakeUp();
    const core = createCore({
      store: ports,
      database: { database },
      wakeUp,
      log,
      owner: `${host.name}/${life}`,
      alone: false,
      clock,
      timings: settings.timings,
      rememberedStreams: settings.rememberedStreams,
    });
    if (roles.includes('projections')) {
      addProjections(core.subscriptions, wakeUp, { publisher, consumer }, settings.rememberedStreams);
    }
    const processes = roles.includes('processes') ? addProcesses(core, database, provider, settings, log) : undefined;
    if (this.serves) core.subscriptions.addListener(core.catalogue.listener);
    const consumers = roles.includes('consumers')
      ? startConsumers({
          core,
          database,
          broker: { consumer, publisher },
          provider,
          carriers: [],
          carrierSimulator: true,
          checkEngine: true,
          personalData: nobodyNamed,
          sealed,
          mails: { send: () => Promise.resolve({ _tag: 'Sent' }) },
          returnTo: () => ({ successUrl: 'http://shop', cancelUrl: 'http://shop' }),
          tenant: 'main',
          log,
          closing: { add: () => undefined },
        })
      : undefined;
    await core.subscriptions.start();
    this.runners = core.subscriptions.status().runners.flatMap(({ name, kind }) => (kind === 'listener' ? [] : [name]));
    processes?.startTimers();
    if (processes) {
      const books = providerBooks(ports.lists, clock);
      const history = (stream: StreamName) => recordedHistory(ports.eventStore, stream);
      // by its leftovers nobody lacks a message
      const told = () => Promise.reject(new Error('nobody has to be told'));
      // no operator is here who could discard anything
      const discards = { waiting: () => Promise.resolve([]), settled: () => Promise.resolve() };
      const parts = { books, leftovers, history, discards, tenant: 'main', tellKitchen: told, askPayment: told };
      this.reconcile = () => processes.reconcile(parts, 'minutes');
    }
    if (!this.serves) return;
    await openDefaultLocation(core.executor, clock);
    this.api = {
      core,
      claims: { ...postgresIdempotencyClaims(database), remembers: () => false },
      verification: verificationBy(provider),
      inbox: postgresWebhookInbox(database, sealed, consumers?.wakeInbox ?? (() => undefined)),
    };
  }
}

function logOf({ trace }: Network, host: Host) {
  const write =
    (level: string) =>
    (message: string, fields?: Record<string, unknown>): void => {
      if (trace.kept) trace.note(`${host.name} ${level}: ${message} ${describe(fields)}`);
    };
  return { error: write('error'), warn: write('warn'), debug: write('debug') };
}

const describe = (fields: Record<string, unknown> | undefined): string =>
  JSON.stringify(fields ?? {}, (_, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : typeof value === 'bigint' ? String(value) : value,
  );
