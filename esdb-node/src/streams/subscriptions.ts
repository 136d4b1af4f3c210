import { randomUUID } from 'node:crypto';
import type { EventLog } from '../log/eventLog.js';
import type { StreamView } from '../log/reader.js';
import { caughtUp, checkpoint, confirmation } from '../protocol/readResp.js';
import { TOMBSTONE } from '../protocol/recorded.js';
import type { StoredRecord } from '../storage/storage.js';
import type { ServerCall } from '../transport/call.js';
import { Checkpoints } from './checkpoints.js';
import { handlerFault, streamDeleted } from './errors.js';
import { Outbox } from './outbox.js';
import type { ReadRequest } from './readRequest.js';
import type { Presentation } from './resolve.js';
import { present } from './resolve.js';
import { Bell, forever } from './wait.js';

type StreamSubscription = Extract<ReadRequest, { kind: 'streamSubscription' }>;
type AllSubscription = Extract<ReadRequest, { kind: 'allSubscription' }>;

/** Events that are taken from storage at once. */
const PAGE = 256;

/** What both kinds of subscription have: a cursor into the log, a bell that new events ring, and a way out to the caller. */
abstract class Subscription<Request extends StreamSubscription | AllSubscription> {
  protected readonly out: Outbox;
  protected readonly bell: Bell;
  protected live = false;
  private how: Presentation;

  constructor(
    protected readonly log: EventLog,
    protected readonly request: Request,
    protected readonly call: ServerCall,
  ) {
    this.out = new Outbox(call);
    this.how = { ...request, live: false };
    this.bell = new Bell(call.signal);
  }

  /** Runs until the caller leaves; rejects when the subscription ends with an error. */
  async run(stream: string | undefined): Promise<void> {
    const stop = this.log.onAppend(stream, this.bell.ring);
    try {
      this.out.message(confirmation(randomUUID()));
      while (!this.call.over) {
        const more = await this.step();
        await this.out.flush();
        if (!more) await this.bell.wait();
      }
    } finally {
      stop();
    }
  }

  /** Sends what there is, up to a page; false when there is no more. */
  protected abstract step(): Promise<boolean>;

  /** Sends an event; what it returns is to be waited for. */
  protected event(record: StoredRecord): Promise<void> | undefined {
    // without a form for ids a real server stops before its first event
    if (this.request.withoutIds) return this.out.flush().then(() => forever(this.call.signal));
    this.out.event(present(this.log.reader, record, this.how));
    return this.out.full ? this.out.flush() : undefined;
  }

  protected becomeLive(): void {
    if (this.live) return;
    this.live = true;
    this.how = { ...this.how, live: true };
    this.out.message(caughtUp);
  }
}

class ToStream extends Subscription<StreamSubscription> {
  private next: number;
  /** A subscription from the end to a stream that is tombstoned says nothing any more. */
  private mute = false;

  constructor(log: EventLog, request: StreamSubscription, call: ServerCall) {
    super(log, request, call);
    const { from } = request;
    this.next = typeof from === 'number' ? from + 1 : 0;
    const view = log.reader.view(request.stream);
    if (view.kind === 'tombstoned' && from !== 'end') throw streamDeleted(request.stream);
    if (from === 'end') this.startAtEnd();
  }

  private startAtEnd(): void {
    const { lastRevision } = this.log.reader.head(this.request.stream);
    this.next = lastRevision + 1;
    this.mute = this.log.reader.view(this.request.stream).kind === 'tombstoned';
  }

  protected async step(): Promise<boolean> {
    if (this.request.from === 'end') this.becomeLive();
    if (this.mute) return false;
    const view = this.log.reader.view(this.request.stream);
    if (view.kind === 'tombstoned') return this.endWith();
    const readable = this.readable(view);
    if (!readable) return false;
    const page = this.log.reader.page(readable, this.next, PAGE, 'forwards');
    for (const entry of page) {
      if (this.call.over) return false;
      const slow = this.event(entry);
      if (slow) await slow;
      this.next = entry.revision + 1;
    }
    if (page.length > 0) return true;
    // what is hidden now stays hidden
    this.next = Math.max(this.next, readable.lastRevision + 1);
    this.becomeLive();
    return false;
  }

  /** While live nothing is hidden any more: a real server passes on what is written. */
  private readable(view: StreamView): (StreamView & { kind: 'there' }) | undefined {
    if (!this.live) return view.kind === 'there' ? view : undefined;
    const { id, lastRevision } = this.log.reader.head(this.request.stream);
    if (lastRevision < 0) return undefined;
    return { kind: 'there', id, lastRevision, firstRevision: 0, notBefore: undefined };
  }

  /** The stream was tombstoned: who is live gets what came before, and the tombstone as an event. */
  private async endWith(): Promise<never> {
    const { stream } = this.request;
    if (this.live) {
      const { id } = this.log.reader.head(stream);
      const rest = { kind: 'there', id, lastRevision: TOMBSTONE, firstRevision: 0, notBefore: undefined } as const;
      for (;;) {
        const page = this.log.reader.page(rest, this.next, PAGE, 'forwards');
        for (const entry of page) await this.event(entry);
        const last = page.at(-1);
        if (last === undefined || last.revision === TOMBSTONE) break;
        this.next = last.revision + 1;
      }
    }
    await this.out.flush();
    throw streamDeleted(stream);
  }
}

class ToAll extends Subscription<AllSubscription> {
  private next: number;
  private readonly checkpoints: Checkpoints | undefined;

  constructor(log: EventLog, request: AllSubscription, call: ServerCall) {
    super(log, request, call);
    const { from } = request;
    const end = log.reader.end();
    this.next = from === 'start' ? 0 : from === 'end' ? end : Math.min(from + 1, end);
    if (typeof from === 'number' && log.reader.isInside(from)) throw handlerFault();
    this.checkpoints = request.window && new Checkpoints(request.window);
  }

  protected async step(): Promise<boolean> {
    if (this.request.from === 'end') this.becomeLive();
    if (this.checkpoints?.endless && !this.live) {
      await this.out.flush();
      await forever(this.call.signal);
    }
    const limit = this.live ? PAGE : (this.checkpoints?.pageSize ?? PAGE);
    const page = this.log.reader.all(this.next, limit, 'forwards');
    for (const record of page) {
      if (this.call.over) return false;
      const match = !this.request.filter || this.request.filter(record.bytes);
      const slow = match ? this.event(record) : undefined;
      if (slow) await slow;
      this.next = record.position + 1;
      const due = this.checkpoints?.consider(record.position, match, this.live);
      if (due !== undefined) this.out.message(checkpoint(due.commit, due.prepare));
    }
    if (page.length === limit) return true;
    this.becomeLive();
    return this.log.reader.end() > this.next && this.log.reader.all(this.next, 1, 'forwards').length > 0;
  }
}

/** A subscription to a stream: what there is after the place it starts from, and then what comes. */
export const subscribeToStream = (log: EventLog, request: StreamSubscription, call: ServerCall): Promise<void> =>
  new ToStream(log, request, call).run(request.stream);

/** A subscription to the whole log, filtered or not. */
export const subscribeToAll = (log: EventLog, request: AllSubscription, call: ServerCall): Promise<void> =>
  new ToAll(log, request, call).run(undefined);
