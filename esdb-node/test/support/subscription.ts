import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';

type Subscription = StreamSubscription | AllStreamSubscription;

/** Everything that a subscription says, to be waited for without sleeping. */
export class Heard {
  readonly numbers: number[] = [];
  readonly signs: string[] = [];
  error: Error | undefined;
  private waiting: (() => void)[] = [];

  constructor(readonly subscription: Subscription) {
    const listen = subscription as StreamSubscription;
    listen.on('data', ({ event }) => this.hear(() => this.numbers.push((event?.data as { n: number }).n)));
    listen.on('confirmation', () => this.hear(() => this.signs.push('confirmation')));
    listen.on('caughtUp', () => this.hear(() => this.signs.push('caughtUp')));
    listen.on('error', (error) => this.hear(() => (this.error = error)));
  }

  /** Resolves when `holds` does; the test's own timeout is the limit. */
  async until(holds: (heard: this) => boolean): Promise<this> {
    while (!holds(this)) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this;
  }

  caughtUp(): Promise<this> {
    return this.until(({ signs }) => signs.includes('caughtUp'));
  }

  private hear(note: () => void): void {
    note();
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
