import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerCall } from '../transport/call.js';
import { Gate } from '../transport/gate.js';
import { GrpcError, Status } from '../transport/status.js';
import { checkFailure } from './checkFailure.js';
import type { Failure, Mishap, PlannedFailure } from './failure.js';

/** A failure that still has to strike. */
interface Plan {
  readonly failure: Failure;
  /** Calls that still have to be found for it. */
  left: number;
  /** Times that it still has to strike. */
  toStrike: number;
  readonly done: () => void;
}

/** `/event_store.client.gossip.Gossip/Read` as `gossip/read`. */
const methodOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase();

const matches = (failure: Failure, call: string, stream: string | undefined): boolean => {
  if (failure.call.includes('/')) return failure.call.toLowerCase() === call;
  return failure.call === call && (!('stream' in failure) || failure.stream === stream);
};

const refusal = ({ status, details, trailers }: Extract<Mishap, { status: unknown }>): GrpcError =>
  new GrpcError(Status[status], details ?? 'This call was made to fail.', trailers);

const struck = (plan: Plan): void => {
  plan.toStrike -= 1;
  if (plan.toStrike === 0) plan.done();
};

const never = (): Promise<never> => new Promise(() => undefined);

/** What tests do to a node: the calls that are to go wrong, and the gate that a pause shuts. */
export class Disturbances {
  readonly gate = new Gate();
  private readonly plans: Plan[] = [];

  /** @param isMethod whether the node has a method, such as `Gossip/Read` */
  constructor(private readonly isMethod: (method: string) => boolean) {}

  /** @throws TypeError on a failure that could never strike */
  plan(failure: Failure): PlannedFailure {
    checkFailure(failure, this.isMethod);
    let done = (): void => undefined;
    const happened = new Promise<void>((resolve) => (done = resolve));
    const times = failure.times ?? 1;
    const plan: Plan = { failure, left: times, toStrike: times, done };
    this.plans.push(plan);
    return { happened, cancel: () => Promise.resolve(this.forget(plan)) };
  }

  /** Begins a call: at once, or when a pause is over; it may go wrong as planned for its method. */
  begin(call: ServerCall, run: () => void): void {
    const plan = this.next(() => methodOf(call.path), undefined);
    if (!plan) return this.gate.pass(run);
    if ('loseAnswer' in plan.failure) {
      call.mute(() => struck(plan));
      return this.gate.pass(run);
    }
    this.strike(plan, () => Promise.resolve(this.gate.pass(run))).catch((error: unknown) => call.fail(error));
  }

  /** Writes, or lets it go wrong. Rejects with a GrpcError where it is to fail. */
  write<T>(what: 'append' | 'delete' | 'tombstone', stream: string, run: () => Promise<T>): Promise<T> {
    const plan = this.next(() => what, stream);
    return plan ? this.strike(plan, run) : run();
  }

  /** Reads, or lets it go wrong. Rejects with a GrpcError where it is to fail. */
  read(what: 'read' | 'subscribe', stream: string, call: ServerCall, run: () => Promise<void>): Promise<void> {
    const plan = this.next(() => what, stream);
    if (!plan) return run();
    if ('loseAnswer' in plan.failure) call.mute();
    return this.strike(plan, 'loseAnswer' in plan.failure ? () => Promise.resolve() : run);
  }

  private async strike<T>(plan: Plan, run: () => Promise<T>): Promise<T> {
    const { failure } = plan;
    if ('status' in failure) {
      struck(plan);
      throw refusal(failure);
    }
    if ('delay' in failure) {
      await sleep(failure.delay, undefined, { ref: false });
      struck(plan);
      return run();
    }
    await run();
    struck(plan);
    return never();
  }

  /** The oldest failure that is planned for this call; it counts as used. */
  private next(call: () => string, stream: string | undefined): Plan | undefined {
    if (this.plans.length === 0) return undefined;
    const name = call();
    const plan = this.plans.find(({ failure }) => matches(failure, name, stream));
    if (!plan) return undefined;
    plan.left -= 1;
    if (plan.left === 0) this.forget(plan);
    return plan;
  }

  private forget(plan: Plan): void {
    const at = this.plans.indexOf(plan);
    if (at >= 0) this.plans.splice(at, 1);
  }
}
