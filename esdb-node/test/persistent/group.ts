import type {
  EventStoreDBClient,
  PersistentSubscriptionToAll,
  PersistentSubscriptionToStream,
  PersistentSubscriptionToStreamSettings,
} from '@eventstore/db-client';
import { START, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';

/** Settings of a group from the start of its stream, with what a test wants otherwise. */
export const settings = (
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): PersistentSubscriptionToStreamSettings =>
  persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...changes });

export const GROUP = 'workers';

type Subscription = PersistentSubscriptionToStream | PersistentSubscriptionToAll;

/** One delivery: the number in its event (−1 without an event), and how often it was tried before. */
export interface Delivered {
  readonly n: number;
  readonly retries: number;
  readonly raw: Parameters<PersistentSubscriptionToStream['ack']>[0];
}

/** A connected consumer and everything that it is told. */
export class TestConsumer {
  readonly deliveries: Delivered[] = [];
  error: Error | undefined;
  confirmed = false;
  private waiting: (() => void)[] = [];

  constructor(readonly subscription: Subscription) {
    const listen = subscription;
    listen.on('data', (raw) => {
      const data = raw.event?.data as { n?: number } | undefined;
      this.hear(() => this.deliveries.push({ n: data?.n ?? -1, retries: raw.retryCount, raw }));
    });
    listen.on('confirmation', () => this.hear(() => (this.confirmed = true)));
    listen.on('error', (error) => this.hear(() => (this.error = error)));
  }

  get numbers(): number[] {
    return this.deliveries.map(({ n }) => n);
  }

  /** Resolves when `holds` does; the test's own timeout is the limit. */
  async until(holds: (consumer: this) => boolean): Promise<this> {
    while (!holds(this)) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this;
  }

  /** Resolves when there are as many deliveries, all in all. */
  has(count: number): Promise<this> {
    return this.until(({ deliveries }) => deliveries.length >= count);
  }

  ack(...indices: number[]): Promise<void> {
    return this.subscription.ack(...this.raws(indices));
  }

  nack(action: 'park' | 'retry' | 'skip' | 'stop', ...indices: number[]): Promise<void> {
    return this.subscription.nack(action, 'because', ...this.raws(indices));
  }

  /** Acks everything that is there and that comes. */
  ackAll(): this {
    let done = 0;
    void this.until(({ deliveries, error }) => {
      for (; done < deliveries.length; done += 1) void this.ack(done).catch(() => undefined);
      return error !== undefined;
    });
    return this;
  }

  leave(): Promise<void> {
    return this.subscription.unsubscribe().catch(() => undefined);
  }

  private raws(indices: readonly number[]): Delivered['raw'][] {
    return indices.map((index) => (this.deliveries[index] as Delivered).raw);
  }

  private hear(note: () => void): void {
    note();
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Connects a consumer; resolves when it is confirmed or refused. */
export const connect = (
  client: EventStoreDBClient,
  stream: string,
  { group = GROUP, bufferSize = 20 } = {},
): Promise<TestConsumer> =>
  new TestConsumer(client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize })).until(
    ({ confirmed, error }) => confirmed || error !== undefined,
  );
