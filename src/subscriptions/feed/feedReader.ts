import { ExponentialBackoff } from 'cockatiel';
import type { Log } from '../ports/log.js';
import { type EventFeed, FeedDropped } from '../ports/eventFeed.js';
import { Changes, pause } from '../wait.js';
import { Attachment, isAfter, type Readable } from './attachment.js';
import { type FeedItem, feedItem } from './feedItem.js';
import type { FeedTimings } from './timings.js';

export interface FeedReaderOptions {
  readonly feed: EventFeed;
  /** Events after this position; null: from the start. */
  readonly after: bigint | null;
  readonly timings: FeedTimings;
  readonly log: Log;
  /** Called with every event before anybody else sees it. */
  readonly onItem?: (item: FeedItem) => void;
}

/** What is known of a feed from outside. */
export interface FeedStatus {
  /** Of the newest event read; null: none yet. */
  readonly position: bigint | null;
  /** History is done and the connection stands. */
  readonly live: boolean;
  /** Subscriptions that the server ended because we were slow, and failures of any other kind. */
  readonly drops: number;
  readonly failures: number;
}

/** So many events there are, or at least so many: more than are remembered, or the end of the log is not reached. */
export interface Counted {
  readonly events: number;
  readonly all: boolean;
}

/**
 * One subscription to `$all`, kept up for ever, whose newest events any number of attachments read at their own pace. It waits
 * a while for the slowest of them; who stays behind is detached and reads apart.
 */
export class FeedReader implements Readable {
  private items: FeedItem[] = [];
  /** Running number of `items[0]`. */
  private first = 0;
  /** Position of the last event that is no longer among the items. */
  private base: bigint | null;
  private newest: bigint | null;
  private readonly attachments = new Set<Attachment>();
  private readonly pushed = new Changes();
  private readonly taken = new Changes();
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private connected: AbortController | undefined;
  private heardAt = 0;
  private waitingForRoom = false;
  private announcing = false;
  private caughtUp = false;
  private drops = 0;
  private failures = 0;

  constructor(private readonly options: FeedReaderOptions) {
    this.base = options.after;
    this.newest = options.after;
  }

  /** Begins to read; the first call counts. */
  start(): void {
    this.running ??= Promise.all([this.readForEver(), this.watch()]).then(() => undefined);
  }

  /** Ends the subscription. Resolves when nothing is running any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  status(): FeedStatus {
    return { position: this.newest, live: this.caughtUp, drops: this.drops, failures: this.failures };
  }

  /** A place to read from, just after a position; undefined when events after it have already left the memory. */
  attach(after: bigint | null): Attachment | undefined {
    if (!this.covers(after)) return undefined;
    const index = this.items.findIndex((item) => isAfter(item.position, after));
    const attachment = new Attachment(this, index < 0 ? this.nextNumber() : this.first + index, after);
    this.attachments.add(attachment);
    return attachment;
  }

  covers(after: bigint | null): boolean {
    return this.base === null || (after !== null && after >= this.base);
  }

  /** How many events the log has after a position, as far as they are remembered here. */
  countAfter(position: bigint | null): Counted {
    const index = this.items.findIndex((item) => isAfter(item.position, position));
    return {
      events: index < 0 ? 0 : this.items.length - index,
      all: this.caughtUp && this.covers(position),
    };
  }

  detach(attachment: Attachment): void {
    this.attachments.delete(attachment);
    this.taken.announce();
  }

  itemsFrom(number: number, max: number): readonly FeedItem[] {
    const index = number - this.first;
    const items = this.items.slice(index, index + max);
    if (items.length > 0) this.taken.announce();
    return items;
  }

  nextNumber(): number {
    return this.first + this.items.length;
  }

  changed(signal?: AbortSignal, timeoutMs?: number): Promise<void> {
    return this.pushed.next(signal, timeoutMs);
  }

  private async readForEver(): Promise<void> {
    const { log, timings } = this.options;
    const { signal } = this.ending;
    const firstBackoff = new ExponentialBackoff({
      initialDelay: timings.firstReconnectMs,
      maxDelay: timings.maxReconnectMs,
    }).next();
    let backoff = firstBackoff;
    while (!signal.aborted) {
      const from = this.newest;
      const connection = new AbortController();
      const failure = await this.follow(connection);
      if (signal.aborted) return;
      if (this.newest !== from) backoff = firstBackoff;
      if (connection.signal.aborted) continue;
      if (failure instanceof FeedDropped) {
        this.drops += 1;
        // an everyday event; only a server that drops us before anything came is given time
        if (this.newest !== from) continue;
      } else {
        this.failures += 1;
        log.warn('the feed failed and is subscribed to again', { error: failure, position: String(this.newest) });
      }
      await pause(backoff.duration, signal);
      backoff = backoff.next(undefined);
    }
  }

  /** Reads one subscription until it ends, and says why it did. */
  private async follow(connection: AbortController): Promise<unknown> {
    const end = (): void => connection.abort();
    this.ending.signal.addEventListener('abort', end, { once: true });
    this.connected = connection;
    this.heardAt = performance.now();
    try {
      for await (const message of this.options.feed.subscribe(this.newest, connection.signal)) {
        this.heardAt = performance.now();
        if (message.kind === 'caughtUp') {
          this.caughtUp = true;
          this.pushed.announce();
        } else if (isAfter(message.event.position, this.newest)) {
          if (this.isFull()) await this.makeRoom();
          if (connection.signal.aborted) break;
          this.push(feedItem(message.event));
        }
      }
      return new Error('the subscription ended without an error');
    } catch (error) {
      return error;
    } finally {
      this.ending.signal.removeEventListener('abort', end);
      this.connected = undefined;
      this.caughtUp = false;
    }
  }

  private push(item: FeedItem): void {
    this.options.onItem?.(item);
    this.items.push(item);
    this.newest = item.position;
    const { capacity } = this.options.timings;
    // nobody who is attached is further behind than the capacity, so twice as many is the time to forget half
    if (this.items.length >= 2 * capacity) {
      this.base = this.items[capacity - 1]?.position ?? this.base;
      this.items = this.items.slice(capacity);
      this.first += capacity;
    }
    this.announceSoon();
  }

  /** Wakes the readers once for all events that came in one go: to wake them all for each costs more than the events. */
  private announceSoon(): void {
    if (this.announcing) return;
    this.announcing = true;
    setImmediate(() => {
      this.announcing = false;
      this.pushed.announce();
    });
  }

  private slow(): Attachment[] {
    const limit = this.nextNumber() - this.options.timings.capacity;
    return [...this.attachments].filter((attachment) => attachment.number <= limit);
  }

  private isFull(): boolean {
    return this.items.length >= this.options.timings.capacity && this.slow().length > 0;
  }

  private async makeRoom(): Promise<void> {
    const deadline = performance.now() + this.options.timings.patienceMs;
    this.waitingForRoom = true;
    for (let slow = this.slow(); slow.length > 0 && !this.ending.signal.aborted; slow = this.slow()) {
      const left = deadline - performance.now();
      const somebodyElseWaits = slow.length < this.attachments.size;
      if (left <= 0 && somebodyElseWaits) for (const attachment of slow) attachment.detach();
      else await this.taken.next(this.ending.signal, Math.max(left, 100));
    }
    this.waitingForRoom = false;
    this.heardAt = performance.now();
  }

  /** A feed that is silent although the log went on is replaced: a connection can die without saying so. */
  private async watch(): Promise<void> {
    const { feed, timings, log } = this.options;
    const { signal } = this.ending;
    for (;;) {
      await pause(timings.watchEveryMs, signal);
      if (signal.aborted) return;
      const connection = this.connected;
      if (!connection || this.waitingForRoom || performance.now() - this.heardAt < timings.silenceMs) continue;
      const before = this.newest;
      const head = await feed.head(timings.headMs).catch(() => undefined);
      if (head === undefined || this.newest !== before || this.connected !== connection) continue;
      if (head !== null && isAfter(head, before)) {
        log.warn('the feed is silent behind the end of the log and is replaced', {
          position: String(before),
          head: String(head),
        });
        connection.abort();
      } else {
        // a server older than 23.10 never says that it caught up
        this.caughtUp = true;
        this.heardAt = performance.now();
      }
    }
  }
}
