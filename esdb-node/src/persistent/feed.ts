import type { Message } from './message.js';
import type { Progress } from './progress.js';
import { Queue } from './queue.js';
import type { Settings } from './settings.js';
import type { Source } from './source.js';

/** Where a batch size of 0 is asked for. */
const DEFAULT_BATCH = 20;
/** Events that are taken in one turn at most, however large the buffers are. */
const MOST = 1_000;

/**
 * Fills a group's buffer from its source. Behind, in batches, while more than a batch has room; live, whatever is written, until
 * the buffer is full: then it is behind again, and nothing is lost, since the log is the queue.
 */
export class Feed {
  readonly queue = new Queue<Message>();
  /** The source cannot be read: whoever connects is dropped. */
  unreadable = false;
  live = false;
  /** Events that came while live. */
  private liveEvents = 0;
  private atEnd = false;
  private scheduled = false;
  private closed = false;
  private readonly unsubscribe: () => void;

  /** @param fed called when the feed has read without having been asked to */
  constructor(
    private readonly source: Source,
    private readonly settings: Settings,
    private readonly progress: Progress,
    onAppend: (stream: string | undefined, wake: () => void) => () => void,
    private readonly fed: () => void,
  ) {
    this.unsubscribe = onAppend(source.stream, () => this.schedule());
    this.pull();
  }

  get status(): string {
    if (this.live) return 'Live';
    return this.settings.readBatchSize < 0 ? 'Behind, OutstandingPageRequest' : 'Behind';
  }

  get liveCount(): number {
    return Math.max(Math.min(this.liveEvents, this.settings.liveBufferSize), 0);
  }

  /** Reads what there is room for, a batch now and the rest in later turns. */
  pull(): void {
    // a real server reads for ever with a negative batch
    if (this.closed || this.unreadable || this.settings.readBatchSize < 0) return;
    const limit = this.limit();
    if (limit <= 0) {
      this.live = false;
      return;
    }
    const batch = this.source.read(Math.min(limit, MOST), this.live);
    if (batch === 'unreadable') {
      this.unreadable = true;
      return;
    }
    for (const { wanted, position, place, weight } of batch.found) {
      if (!wanted) this.progress.pass(place, weight);
      else this.add({ position, entry: this.progress.take(place, weight), retries: 0 });
    }
    this.atEnd = batch.atEnd;
    if (batch.atEnd) this.live = this.settings.liveBufferSize >= 0;
    else if (this.limit() > 0) this.schedule();
    else this.live = false;
  }

  /** Reads on in a later turn when the buffer has run empty without an answer of a consumer. */
  refill(): void {
    const more = !this.atEnd && !this.unreadable && this.settings.readBatchSize >= 0;
    if (more && this.queue.length === 0) this.schedule();
  }

  close(): void {
    this.closed = true;
    this.unsubscribe();
  }

  private add(message: Message): void {
    this.queue.push(message);
    if (this.live) this.liveEvents += 1;
  }

  private limit(): number {
    const { historyBufferSize, readBatchSize } = this.settings;
    const room = historyBufferSize - this.queue.length;
    if (this.live) return room;
    const batch = readBatchSize || DEFAULT_BATCH;
    return room > readBatchSize ? batch : 0;
  }

  /** Appends of one turn are read together, after what else is to be done in it. */
  private schedule(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.closed) return;
      this.pull();
      this.fed();
    });
  }
}
