import type { Delivery } from '../protocol/persistentEvent.js';
import { framedDelivery } from '../protocol/persistentEvent.js';
import type { ServerCall } from '../transport/call.js';
import type { GrpcError } from '../transport/status.js';
import { Latencies } from './latencies.js';

/** What a consumer asked for when it connected. */
export interface ConsumerOptions {
  /** How many messages it may hold without an answer. */
  readonly bufferSize: number;
  readonly structuredIds: boolean;
  readonly userName: string;
}

/** A connected consumer. Its messages go out together at `flush`. */
export class Consumer {
  inFlight = 0;
  total = 0;
  readonly since = Date.now();
  readonly latencies = new Latencies();
  /** Messages since somebody last asked for statistics. */
  sinceMeasured = 0;
  private frames: Buffer[] = [];

  constructor(
    /** Of the group, never used twice. */
    readonly number: number,
    readonly call: ServerCall,
    readonly options: ConsumerOptions,
  ) {}

  get hasRoom(): boolean {
    return this.inFlight < this.options.bufferSize;
  }

  send(delivery: Delivery): void {
    this.frames.push(framedDelivery(delivery));
    this.total += 1;
    this.sinceMeasured += 1;
  }

  flush(): void {
    if (this.frames.length === 0) return;
    // a consumer that reads slowly holds at most its buffer's size
    this.call.sendFrames(Buffer.concat(this.frames));
    this.frames = [];
  }

  drop(error: GrpcError): void {
    this.call.fail(error);
  }
}
