import type { WriteLog } from '../log/eventLog.js';
import type { Expected, ProposedEvent, WriteOutcome } from '../log/expected.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected.js';
import { wide } from '../protocol/shared.js';
import type { AppendReq } from '../protocol/streams.js';
import { appendReq, appendResp } from '../protocol/streams.js';
import type { Access } from '../services/access.js';
import type { CallContext } from '../transport/call.js';
import { clientStream } from '../transport/handlers.js';
import type { Handler } from '../transport/registry.js';
import { handlerFault, maximumAppendSizeExceeded, streamDeleted } from './errors.js';
import { checkWrite } from './permissions.js';
import { missingProperty, proposedOf, requireExpected, requireStreamName } from './request.js';

/** The most data that one append may hold, bytes; type and metadata do not count. */
export const MAX_APPEND_SIZE = 1024 * 1024;

const NOTHING = {};

/** The unary Append: the options first, then the events, one message each. */
export const appendHandler = (log: WriteLog, access: Access): Handler =>
  clientStream((context) => new UnaryAppend(log, access, context));

class UnaryAppend {
  private stream = '';
  private expected: Expected | undefined;
  /** Whether the expected revision came as a number: then it goes back as one. */
  private byNumber = false;
  private readonly events: ProposedEvent[] = [];
  private size = 0;

  constructor(
    private readonly log: WriteLog,
    private readonly access: Access,
    private readonly context: CallContext,
  ) {}

  add(bytes: Buffer): void {
    const request = appendReq.decode(bytes);
    if (this.expected === undefined) this.begin(request);
    else this.addEvent(request);
  }

  async finish(): Promise<Uint8Array> {
    if (this.expected === undefined) throw handlerFault();
    const outcome = await this.log.append(this.stream, this.expected, this.events);
    if (outcome.kind === 'deleted') throw streamDeleted(this.stream);
    return appendResp.encode(answer(outcome, this.expected, this.byNumber));
  }

  private begin(request: AppendReq): void {
    if (request.content !== 'options' || !request.options) throw handlerFault();
    const { options } = request;
    this.stream = requireStreamName(options.streamIdentifier);
    this.expected = requireExpected('AppendReq', options.expectedStreamRevision, options.revision);
    this.byNumber = options.expectedStreamRevision === 'revision';
    checkWrite(this.access, this.context.user, this.stream);
  }

  private addEvent(request: AppendReq): void {
    if (request.content !== 'proposedMessage' || !request.proposedMessage) throw handlerFault();
    const missing = missingProperty(request.proposedMessage);
    if (missing) throw missing;
    const event = proposedOf(request.proposedMessage);
    this.size += event.data.length;
    if (this.size > MAX_APPEND_SIZE) throw maximumAppendSizeExceeded(MAX_APPEND_SIZE);
    this.events.push(event);
  }
}

const answer = (outcome: Exclude<WriteOutcome, { kind: 'deleted' }>, expected: Expected, byNumber: boolean): object => {
  if (outcome.kind === 'wrongExpectedVersion') {
    return { wrongExpectedVersion: { ...currentOf(outcome.actual), ...expectedFields(expected, byNumber) } };
  }
  const { revision, position } = outcome;
  return {
    success: {
      ...(revision < 0 ? { noStream: NOTHING } : { currentRevision: wide(revision) }),
      ...(position === undefined
        ? { noPosition: NOTHING }
        : { position: { commitPosition: wide(position), preparePosition: wide(position) } }),
    },
  };
};

const currentOf = (actual: number): object =>
  actual < 0
    ? { noStream2060: NOTHING, currentNoStream: NOTHING }
    : { currentRevision2060: wide(actual), currentRevision: wide(actual) };

const expectedFields = (expected: Expected, byNumber: boolean): object => {
  if (byNumber) return { expectedRevision2060: wide(expected), expectedRevision: wide(expected) };
  switch (expected) {
    case ANY:
      return { any2060: NOTHING, expectedAny: NOTHING };
    case STREAM_EXISTS:
      return { streamExists2060: NOTHING, expectedStreamExists: NOTHING };
    case NO_STREAM:
      return { expectedRevision2060: wide(expected), expectedNoStream: NOTHING };
    default:
      return { expectedRevision2060: wide(expected), expectedRevision: wide(expected) };
  }
};
