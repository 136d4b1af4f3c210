import type { Faults } from '../faults/faults.js';
import type { Host } from './host.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { Trace } from './trace.js';

/** The services that processes talk to. */
export type Service = 'store' | 'database' | 'broker' | 'provider';

/** How a caller learns that its call went wrong. */
export interface Failures {
  /** Certain: nothing was done. */
  readonly unavailable: () => Error;
  /** Nobody knows whether it was done. Absent: a call that changes nothing, for which it is all the same. */
  readonly unknown?: () => Error;
}

/** How a service answers, now or later. */
export interface Reply<T> {
  answer(result: T): void;
  fail(error: Error): void;
}

export interface Call<T> {
  readonly service: Service;
  readonly label: string;
  readonly serve: (reply: Reply<T>) => void;
  readonly failures: Failures;
}

/** What stands between a process and the world: every call takes its time, and may be lost on the way there or back. */
export class Network {
  constructor(
    readonly scheduler: Scheduler,
    readonly trace: Trace,
    private readonly random: Random,
    private readonly faults: Faults,
  ) {}

  /** Milliseconds that something takes on its way. */
  latency(): number {
    const { slowness } = this.faults.plan;
    const usual = 0.05 + this.random.fraction() * 1.5;
    return this.random.chance(slowness) ? usual + this.random.fraction() * 400 : usual;
  }

  /** Makes a call; what it does happens in a step of its own, and so does its answer, now and then. */
  call<T>(host: Host, { service, label, serve, failures }: Call<T>): Promise<T> {
    const { life } = host;
    return new Promise<T>((resolve, reject) => {
      const back = (settle: () => void, soon: boolean): void => {
        if (soon && host.life === life && host.state === 'up') {
          this.scheduler.current = host;
          settle();
        } else if (host.life === life) {
          this.scheduler.schedule(host, this.latency(), this.trace.kept ? `answer to ${label}` : label, settle);
        }
      };
      const fault = this.faults.ofCall(service, failures.unknown !== undefined);
      const noted = fault === 'none' ? '' : ` (fault: ${fault})`;
      const shown = this.trace.kept ? `${host.name}: ${label}${noted}` : label;
      if (fault === 'refused') {
        this.scheduler.schedule(host, this.latency(), shown, () => reject(failures.unavailable()));
        return;
      }
      if (fault === 'late') {
        // the caller gives up, and what it asked for happens all the same, after a while
        this.scheduler.schedule(host, this.latency(), shown, () =>
          reject((failures.unknown ?? failures.unavailable)()),
        );
        const afterMs = this.latency() + this.random.fraction() * 3_000;
        this.scheduler.schedule(undefined, afterMs, this.trace.kept ? `${host.name}: at last ${label}` : label, () =>
          serve({ answer: () => undefined, fail: () => undefined }),
        );
        return;
      }
      const sent = this.scheduler.now;
      this.scheduler.schedule(undefined, this.latency(), shown, () => {
        // what a dead process had sent may have been on its way, or may not
        if (host.life !== life && this.random.chance(0.5)) return;
        serve({
          answer: (result) => {
            // an answer that comes in a later step than its call was waited for
            const soon = this.scheduler.now >= sent && this.random.chance(0.7);
            if (fault === 'lost') back(() => reject((failures.unknown ?? failures.unavailable)()), false);
            else back(() => resolve(result), soon);
          },
          fail: (error) => back(() => reject(error), false),
        });
      });
    });
  }
}
