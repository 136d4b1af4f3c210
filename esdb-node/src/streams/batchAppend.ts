import type { WriteLog } from '../log/eventLog.js';
import type { Expected, ProposedEvent } from '../log/expected.js';
import { signed } from '../protocol/shared.js';
import type { BatchAppendReq, BatchOptions } from '../protocol/streams.js';
import { batchAppendReq } from '../protocol/streams.js';
import { NIL_UUID, structuredUuid } from '../protocol/uuid.js';
import type { Access } from '../services/access.js';
import type { ServerCall } from '../transport/call.js';
import { duplex } from '../transport/handlers.js';
import type { Handler, Incoming } from '../transport/registry.js';
import { GrpcError } from '../transport/status.js';
import { MAX_APPEND_SIZE } from './append.js';
import type { Address } from './batchAnswers.js';
import { badRequest, decided, denied, refused, timedOut, tooLarge, unavailable } from './batchAnswers.js';
import { checkWrite } from './permissions.js';
import { BadEvent, expectedOf, proposedOf, requireUuid, streamNameOf } from './request.js';

/** How long a batch may take from its first message to its last, milliseconds; a shorter deadline of its own counts instead. */
const BATCH_TIMEOUT = 2000;

/** A batch whose final message has not come yet. */
interface Batch {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: ProposedEvent[];
  size: number;
  readonly timer: NodeJS.Timeout;
}

/** BatchAppend: many appends over one call, each in one message or in several, told apart by their correlation ids. */
export const batchAppendHandler = (log: WriteLog, access: Access): Handler =>
  duplex((call) => new BatchAppend(log, access, call));

class BatchAppend implements Incoming {
  private readonly unfinished = new Map<string, Batch>();
  private outstanding = 0;
  private halfClosed = false;

  constructor(
    private readonly log: WriteLog,
    private readonly access: Access,
    private readonly call: ServerCall,
  ) {
    call.start();
    call.signal.addEventListener('abort', () => {
      for (const batch of this.unfinished.values()) clearTimeout(batch.timer);
      this.unfinished.clear();
    });
  }

  message(bytes: Buffer): void {
    const request = batchAppendReq.decode(bytes);
    try {
      this.take(request);
    } catch (error) {
      this.refuse(request, error);
    }
  }

  /** A call that has nothing left to answer stays open until the caller closes it, as with a real server. */
  end(): void {
    this.halfClosed = true;
    if (this.outstanding > 0) this.endWhenAnswered();
  }

  private take(request: BatchAppendReq): void {
    const correlation = requireUuid(request.correlationId);
    if (correlation === NIL_UUID) {
      throw new BadEvent("correlationId (Parameter 'correlationId should be non-empty GUID.')");
    }
    const batch = this.unfinished.get(correlation) ?? this.begin(correlation, request);
    if (!batch) return;
    for (const proposed of request.proposedMessages) {
      const event = proposedOf(proposed);
      batch.events.push(event);
      batch.size += event.data.length;
    }
    if (batch.size > MAX_APPEND_SIZE) {
      this.forget(correlation);
      this.call.send(tooLarge(addressOf(request, batch.stream), MAX_APPEND_SIZE));
    } else if (request.isFinal) {
      this.forget(correlation);
      void this.write(batch, addressOf(request, batch.stream));
    }
  }

  /** Opens a batch; undefined when the message has no options, or comes too late. */
  private begin(correlation: string, request: BatchAppendReq): Batch | undefined {
    const { options } = request;
    if (!options) return undefined;
    const stream = streamNameOf(options.streamIdentifier);
    if (stream === undefined) throw new BadEvent('Object reference not set to an instance of an object.');
    if (stream === '') throw new BadEvent("Value cannot be null. (Parameter 'value')");
    const expected = requireBatchExpected(options);
    checkWrite(this.access, this.call.user, stream);
    const left = timeLeft(options);
    if (left <= 0) {
      this.call.send(timedOut(addressOf(request, stream)));
      return undefined;
    }
    const timer = setTimeout(() => this.expire(correlation), left);
    const batch = { stream, expected, events: [], size: 0, timer };
    this.unfinished.set(correlation, batch);
    return batch;
  }

  private expire(correlation: string): void {
    const batch = this.unfinished.get(correlation);
    if (!batch) return;
    this.unfinished.delete(correlation);
    const streamIdentifier = { streamName: Buffer.from(batch.stream) };
    this.call.send(timedOut({ correlationId: structuredUuid(correlation), streamIdentifier }));
  }

  private forget(correlation: string): void {
    clearTimeout(this.unfinished.get(correlation)?.timer);
    this.unfinished.delete(correlation);
  }

  private async write(batch: Batch, address: Address): Promise<void> {
    this.outstanding += 1;
    try {
      const outcome = await this.log.append(batch.stream, batch.expected, batch.events);
      this.call.send(decided(address, batch.expected, outcome));
    } catch (error) {
      this.failed(address, error);
    }
    this.outstanding -= 1;
    this.endWhenAnswered();
  }

  private failed(address: Address, error: unknown): void {
    if (error instanceof GrpcError) {
      const answer = refused(address, error.code);
      if (answer) this.call.send(answer);
      else this.call.fail(error);
      return;
    }
    this.call.report(error);
    this.call.send(unavailable(address));
  }

  private endWhenAnswered(): void {
    if (this.halfClosed && this.outstanding === 0 && this.unfinished.size === 0) this.call.end();
  }

  /** Answers a message that is wrong in itself; one without options cannot be answered and ends the call. */
  private refuse(request: BatchAppendReq, error: unknown): void {
    if (!request.options) throw error;
    const { correlationId, options } = request;
    const address = { correlationId, streamIdentifier: options.streamIdentifier };
    if (error instanceof BadEvent) this.call.send(badRequest(address, error.reason));
    else if (error instanceof GrpcError) this.call.send(denied(address));
    else throw error;
  }
}

const addressOf = ({ correlationId }: BatchAppendReq, stream: string): Address => ({
  correlationId,
  streamIdentifier: { streamName: Buffer.from(stream) },
});

const requireBatchExpected = (options: BatchOptions): Expected => {
  const expected = expectedOf(options.expectedStreamPosition, options.streamPosition);
  if (expected === 'outOfRange') {
    throw new BadEvent("Specified argument was out of the range of valid values. (Parameter 'value')");
  }
  if (expected === 'missing') {
    throw new BadEvent(
      'Status(StatusCode="InvalidArgument", Detail="\'None\' is not a valid EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")',
    );
  }
  return expected;
};

/** Milliseconds that a batch has got from now. */
const timeLeft = (options: BatchOptions): number => {
  if (options.deadline) return Math.min(BATCH_TIMEOUT, milliseconds(options.deadline));
  const until = options.deadline_21_10_0;
  return until ? Math.min(BATCH_TIMEOUT, milliseconds(until) - Date.now()) : BATCH_TIMEOUT;
};

const milliseconds = (time: NonNullable<BatchOptions['deadline']>): number =>
  Number(signed(time.seconds)) * 1000 + time.nanos / 1e6;
