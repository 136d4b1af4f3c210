import { v5 } from 'uuid';
import { decodeDomainEvent, type DomainEvent, type RecordedEvent } from '../../src/domain/events.js';
import { type EventMeta, MetadataCodec } from '../../src/domain/kernel/envelope.js';
import type { StoredEvent } from '../../src/domain/kernel/storedEvent.js';
import { type EventFeed, FeedDropped, type FeedMessage } from '../../src/subscriptions/ports/eventFeed.js';
import type { Log } from '../../src/subscriptions/ports/log.js';
import type { StreamReader } from '../../src/subscriptions/ports/streamReader.js';
import { Changes } from '../../src/subscriptions/wait.js';

const NAMESPACE = '6ba7b810-9dad-51d1-80b4-00c04fd430c8';

/** An envelope for events that no command led to. */
export const someMeta = (change: Partial<EventMeta> = {}): EventMeta => ({
  v: 1,
  at: '2024-05-04T12:00:00.000Z',
  commandId: '00000000-0000-7000-8000-000000000001',
  correlationId: '00000000-0000-7000-8000-000000000002',
  causationId: null,
  actor: { kind: 'system', id: 'test' },
  tenant: 'main',
  ...change,
});

/** A log in memory behind the two ports that subscriptions read by, with the faults of a real one at hand. */
export class MemoryLog implements EventFeed, StreamReader {
  readonly events: StoredEvent[] = [];
  /** How often somebody subscribed, and after which position. */
  readonly subscriptions: (bigint | null)[] = [];
  /** How many streams were read. */
  reads = 0;
  private readonly changes = new Changes();
  private cuts: { readonly error: Error; readonly after: number }[] = [];
  private readonly open = new Set<AbortController>();

  /** Appends events of one stream, as the store would have them. */
  append(stream: string, ...events: readonly DomainEvent[]): readonly RecordedEvent[] {
    return events.map((event) => this.appendStored(stream, event.type, event.data, 1));
  }

  /** Appends whatever, also what nobody can decode. */
  appendStored(stream: string, type: string, data: unknown, v: number): RecordedEvent {
    const revision = this.events.filter((event) => event.stream === stream).length;
    const position = BigInt(this.events.length + 1) * 100n;
    const id = v5(`${stream}@${revision}`, NAMESPACE);
    const meta = someMeta({ v });
    this.events.push({
      id,
      type,
      data: JSON.parse(JSON.stringify(data)) as unknown,
      metadata: MetadataCodec.encode(meta),
      stream,
      revision,
      position,
      createdAt: new Date(Date.parse('2024-05-04T12:00:00.000Z') + this.events.length),
    });
    this.changes.announce();
    return { id, stream, revision, position, event: { type, data } as DomainEvent, meta };
  }

  /** The next subscription ends with this error after so many events. Several are used up one after the other. */
  cut(error: Error, after: number): void {
    this.cuts.push({ error, after });
  }

  /** The next subscription is dropped for being slow, after so many events. */
  drop(after: number): void {
    this.cut(new FeedDropped('the live buffer is full'), after);
  }

  /** Running subscriptions say nothing more and do not end; new ones work. */
  freezeSubscriptions(): void {
    for (const controller of this.open) controller.abort();
  }

  get last(): bigint {
    return this.events.at(-1)?.position ?? 0n;
  }

  head(): Promise<bigint | null> {
    return Promise.resolve(this.events.at(-1)?.position ?? null);
  }

  async *subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<FeedMessage> {
    this.subscriptions.push(after);
    const cut = this.cuts.shift();
    const frozen = new AbortController();
    this.open.add(frozen);
    let next = after === null ? 0 : this.events.findIndex((event) => event.position > after);
    if (next < 0) next = this.events.length;
    let sent = 0;
    let saidCaughtUp = false;
    try {
      while (!signal.aborted) {
        if (frozen.signal.aborted) {
          await this.changes.next(signal);
          continue;
        }
        if (cut && sent >= cut.after) throw cut.error;
        const event = this.events[next];
        if (event) {
          next += 1;
          sent += 1;
          yield { kind: 'event', event };
        } else if (!saidCaughtUp) {
          saidCaughtUp = true;
          yield { kind: 'caughtUp' };
        } else {
          await this.changes.next(signal);
        }
      }
    } finally {
      this.open.delete(frozen);
    }
  }

  async *read(
    stream: string,
    { fromRevision = 0, maxCount = Number.POSITIVE_INFINITY }: { fromRevision?: number; maxCount?: number } = {},
  ): AsyncIterable<StoredEvent> {
    this.reads += 1;
    await Promise.resolve();
    yield* this.events.filter((event) => event.stream === stream && event.revision >= fromRevision).slice(0, maxCount);
  }
}

/** A log that keeps what it is told. */
export interface KeptLog extends Log {
  readonly lines: { readonly level: 'error' | 'warn' | 'debug'; readonly message: string; readonly fields: unknown }[];
}

export function keptLog(): KeptLog {
  const lines: KeptLog['lines'] = [];
  const at =
    (level: 'error' | 'warn' | 'debug') =>
    (message: string, fields?: Record<string, unknown>): void => {
      lines.push({ level, message, fields });
    };
  return { lines, error: at('error'), warn: at('warn'), debug: at('debug') };
}

/** Recorded events of one stream, numbered from 0; each must be one that can be stored. */
export function recorded(stream: string, events: readonly DomainEvent[]): readonly RecordedEvent[] {
  for (const event of events) {
    const decoded = decodeDomainEvent({ type: event.type, v: 1, data: event.data });
    if (decoded._tag === 'Left') throw new Error(`${event.type}: ${JSON.stringify(decoded.left)}`);
  }
  return new MemoryLog().append(stream, ...events);
}
