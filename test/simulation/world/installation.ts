import { isShipped } from '../../../src/domain/order/index.js';
import type { PaymentProvider } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { Role } from '../../../src/main/config.js';
import { Faults } from '../faults/faults.js';
import { drawPlan, type FaultPlan, type ProcessFault } from '../faults/plan.js';
import { Histories } from '../invariants/histories.js';
import type { Invariant } from '../invariants/invariant.js';
import { wallClock } from '../kernel/globals.js';
import type { Host } from '../kernel/host.js';
import { Network } from '../kernel/network.js';
import { Random } from '../kernel/random.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Tally } from '../kernel/tally.js';
import type { Trace } from '../kernel/trace.js';
import { Broker, consumerFor, publisherFor } from '../ports/broker.js';
import { databaseFor } from '../ports/database/client.js';
import { DatabaseServer, rowOf } from '../ports/database/server.js';
import { EventLog } from '../ports/eventLog.js';
import { eventFeedFor, eventStoreFor } from '../ports/eventStore.js';
import { Provider, providerFor } from '../ports/provider.js';
import { providerLists } from '../ports/providerLists.js';
import type { AstrayRefunds } from '../workload/desk.js';
import { Webhooks } from '../workload/webhooks.js';
import { leftoversOf } from './leftovers.js';
import { type Ports, Process, type Settings } from './process.js';

const EVERYTHING: readonly Role[] = ['api', 'projections', 'processes', 'consumers'];
/** How an installation may be split over processes. */
const SPLITS: readonly (readonly (readonly Role[])[])[] = [
  [EVERYTHING],
  [EVERYTHING],
  [EVERYTHING],
  [EVERYTHING, EVERYTHING],
  [EVERYTHING, ['projections', 'processes', 'consumers']],
  [
    ['api', 'projections'],
    ['api', 'processes', 'consumers'],
    ['projections', 'processes', 'consumers'],
  ],
];

/** Changes the ports of a process before it gets them: how a test takes a guard away. */
export type Sabotage = (ports: Ports, host: Host) => Ports;

export interface InstallationOptions {
  readonly seed: number;
  readonly trace: Trace;
  readonly invariants: readonly Invariant[];
  readonly sabotage?: Sabotage;
  /** Default: what the seed draws. */
  readonly plan?: FaultPlan;
  /** How many payers pay another amount than they are asked for, from 0 to 1. */
  readonly oddAmounts?: number;
  readonly astray?: AstrayRefunds;
}

/** All of Comanda and the world around it, in one seed. */
export class Installation {
  readonly random: Random;
  readonly plan: FaultPlan;
  /** Faults that happened, by kind. */
  readonly faultsSeen = new Tally();
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly network: Network;
  readonly log: EventLog;
  readonly database: DatabaseServer;
  readonly broker: Broker;
  readonly provider: Provider;
  readonly webhooks: Webhooks;
  readonly histories = new Histories();
  readonly processes: readonly Process[];
  readonly settings: Settings;
  readonly invariants: readonly Invariant[];
  readonly oddAmounts: number;
  readonly astray: AstrayRefunds;
  /** What an invariant found during a step. */
  violation: Error | undefined;
  readonly #due: ProcessFault[];
  readonly #stepsOf = new Map<Host, number>();

  constructor(options: InstallationOptions) {
    const { seed, trace, invariants, sabotage = (ports: Ports) => ports } = options;
    this.invariants = invariants;
    this.oddAmounts = options.oddAmounts ?? 0.1;
    this.astray = options.astray ?? { byHand: 0.1, failing: 0.1 };
    this.random = new Random(seed, 0);
    const split = this.random.pick(SPLITS) ?? [EVERYTHING];
    this.plan = options.plan ?? drawPlan(seed, split.length);
    this.scheduler = new Scheduler(new Random(seed, 2), trace);
    this.faults = new Faults(this.plan, new Random(seed, 3), this.faultsSeen);
    if (this.plan.outages.length > 0) this.faultsSeen.add('outages', this.plan.outages.length);
    this.faults.now = () => this.scheduler.now;
    this.network = new Network(this.scheduler, trace, new Random(seed, 4), this.faults);
    const now = (): number => wallClock(this.scheduler, undefined);
    this.log = new EventLog(now);
    this.database = new DatabaseServer(now);
    this.broker = new Broker({ network: this.network, faults: this.faults, random: new Random(seed, 5) });
    this.provider = new Provider(now, (event) => this.webhooks.send(event));
    this.webhooks = new Webhooks(this, new Random(seed, 6));
    this.settings = drawSettings(this.random);
    this.#due = [...this.plan.processFaults];

    const feeds = new Random(seed, 7);
    const portsFor = (host: Host): Ports => {
      const store = { log: this.log, network: this.network, faults: this.faults, random: feeds };
      const broker = { network: this.network, faults: this.faults, random: feeds };
      return sabotage(
        {
          eventStore: eventStoreFor(host, store),
          feed: eventFeedFor(host, store),
          database: databaseFor(host, this.database, this.network),
          publisher: publisherFor(host, this.broker, broker),
          consumer: consumerFor(host, this.broker, broker),
          ...providerPorts(providerFor(host, this.provider, this.network), this.provider),
        },
        host,
      );
    };
    this.processes = split.map(
      (roles, number) =>
        new Process({
          number: number + 1,
          roles,
          settings: this.settings,
          network: this.network,
          portsFor,
          leftovers: leftoversOf(this.histories),
          ended: (host) => this.broker.disconnect(host),
        }),
    );
    this.#watch(invariants);
    for (const process of this.processes) process.start(this.random.fraction() * 50);
  }

  /**
   * Takes steps until it is enough, with whatever the plan has in store for the process that took one.
   * @throws what an invariant found
   */
  run(enough: () => boolean): Promise<void> {
    return this.scheduler.run(() => {
      if (this.violation) throw this.violation;
      if (this.#due.length > 0) this.#strike();
      // clocks are put right with everything else
      if (this.faults.healed) for (const { host } of this.processes) host.skewMs = 0;
      return enough();
    });
  }

  /** Steps of a process count over all its lives, wherever they happen: between any two calls it may end. */
  #strike(): void {
    const { last } = this.scheduler;
    if (!last) return;
    const steps = (this.#stepsOf.get(last) ?? 0) + 1;
    this.#stepsOf.set(last, steps);
    const index = this.#due.findIndex(
      ({ process, atStep }) => this.processes[process]?.host === last && steps >= atStep,
    );
    const [fault] = index < 0 ? [] : this.#due.splice(index, 1);
    const process = fault && this.processes[fault.process];
    if (fault && process && !this.faults.healed) this.#inflict(process, fault);
  }

  #inflict(process: Process, { kind, forMs, byMs }: ProcessFault): void {
    const { host } = process;
    const { trace } = this.network;
    switch (kind) {
      case 'crash':
        this.faultsSeen.add('crashes');
        trace.note(`*** ${host.name} crashes, and starts again after ${Math.round(forMs)} ms`);
        process.crash(forMs);
        break;
      case 'freeze': {
        if (host.state !== 'up') return;
        this.faultsSeen.add('freezes');
        trace.note(`*** ${host.name} freezes for ${Math.round(forMs)} ms`);
        const { life } = host;
        host.state = 'frozen';
        this.broker.froze(host);
        this.scheduler.schedule(undefined, forMs, `${host.name} wakes up`, () => {
          if (host.life !== life || host.state !== 'frozen') return;
          this.scheduler.thaw(host);
          this.broker.woke();
        });
        break;
      }
      case 'clock':
        this.faultsSeen.add('clock jumps');
        trace.note(`*** the clock of ${host.name} jumps by ${Math.round(byMs)} ms`);
        host.skewMs += byMs;
    }
  }

  #watch(invariants: readonly Invariant[]): void {
    const noting = (check: () => void): void => {
      try {
        check();
      } catch (error) {
        this.violation ??= error instanceof Error ? error : new Error(String(error));
      }
    };
    const storing = invariants.filter(({ stored }) => stored);
    this.log.onAppended((event) =>
      noting(() => {
        const recorded = this.histories.add(event);
        for (const { stored } of storing) stored?.(recorded, this.histories);
      }),
    );
    const confirming = invariants.filter(({ recognised }) => recognised);
    this.log.onRecognised((stored, sent) =>
      noting(() => {
        for (const { recognised } of confirming) recognised?.(stored, sent);
      }),
    );
    const committing = invariants.filter(({ committed }) => committed);
    this.database.onCommit((table, rows, by) => {
      const watching = committing.filter(({ watches }) => watches?.has(table));
      if (watching.length === 0) return;
      noting(() => {
        for (const row of rows) {
          if (!row) continue;
          const named = rowOf(table, row);
          for (const { committed } of watching) committed?.(table, named, this.histories, by);
        }
      });
    });
    const publishing = invariants.filter(({ published }) => published);
    this.broker.onPublished((id, body) =>
      noting(() => {
        for (const { published } of publishing) published?.(id, body);
      }),
    );
  }
}

const providerPorts = (provider: PaymentProvider, all: Provider): Pick<Ports, 'provider' | 'lists'> => ({
  provider,
  lists: providerLists(all, provider),
});

const WEEK_MS = 7 * 24 * 60 * 60_000;

function drawSettings(random: Random): Settings {
  const quick = random.chance(0.004);
  const runnerTimings = quick ? { leaseMs: 5_000, heartbeatMs: 1_000 } : { leaseMs: 50_000, heartbeatMs: 30_000 };
  return {
    kitchenSimulator: random.chance(0.3),
    completionDelay: (mode) => (isShipped(mode) ? WEEK_MS : 18_000),
    rememberedStreams: random.pick([2, 8, 8, 64, 64, 64] as const),
    timings: { runnerTimings, feedTimings: quick ? {} : { watchEveryMs: 20_000 } },
  };
}
