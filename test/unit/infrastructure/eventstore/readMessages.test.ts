import { convertGrpcEvent } from '@eventstore/db-client/dist/utils/convertGrpcEvent.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { readMessage } from '../../../../src/infrastructure/eventstore/readMessages.js';
import { plainEvent } from '../../../support/eventstore/plainEvent.js';

type RecordedEvent = InstanceType<typeof messages.ReadResp.ReadEvent.RecordedEvent>;

interface Given {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly data: string;
  readonly metadata: string;
  readonly created: bigint;
  readonly contentType: string;
}

const json = fc.oneof(fc.json(), fc.constant('{ no json'));
const anything: fc.Arbitrary<Given> = fc.record({
  id: fc.uuid(),
  stream: fc.string({ unit: 'grapheme', minLength: 1 }),
  type: fc.string({ unit: 'grapheme', minLength: 1 }),
  revision: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  position: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  data: json,
  metadata: fc.oneof(fc.constant(''), fc.json()),
  created: fc.bigInt({ min: 10_000n, max: 99_999_999_999_999_999n }),
  contentType: fc.constantFrom('application/json', 'application/octet-stream'),
});

function recorded(given: Given): RecordedEvent {
  const id = new shared.UUID();
  id.setString(given.id);
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(Buffer.from(given.stream, 'utf8'));
  const event = new messages.ReadResp.ReadEvent.RecordedEvent();
  event.setId(id);
  event.setStreamIdentifier(stream);
  event.setStreamRevision(String(given.revision));
  event.setCommitPosition(String(given.position));
  event.setPreparePosition(String(given.position));
  event
    .getMetadataMap()
    .set('type', given.type)
    .set('content-type', given.contentType)
    .set('created', String(given.created));
  event.setData(Buffer.from(given.data));
  event.setCustomMetadata(Buffer.from(given.metadata));
  return event;
}

function answer(given: Given): InstanceType<typeof messages.ReadResp.ReadEvent> {
  const read = new messages.ReadResp.ReadEvent();
  read.setEvent(recorded(given));
  read.setCommitPosition(String(given.position));
  return read;
}

const bytesOf = (fill: (response: InstanceType<typeof messages.ReadResp>) => void): Buffer => {
  const response = new messages.ReadResp();
  fill(response);
  return Buffer.from(response.serializeBinary());
};

describe('reading what the event store answers', () => {
  it('finds in an event what the client of the event store finds', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const read = answer(given);
        const { event } = convertGrpcEvent(read);
        const message = readMessage(bytesOf((response) => response.setEvent(read)));
        expect(message.kind === 'event' && message.event && plainEvent(message.event)).to.deep.equal({
          id: event?.id,
          type: event?.type,
          stream: event?.streamId,
          revision: Number(event?.revision),
          position: event?.position?.commit,
          data: given.contentType === 'application/json' ? event?.data : Buffer.from(given.data),
          metadata: event?.metadata,
          createdAt: event?.created,
        });
      }),
    );
  });

  it('tells the other answers apart', () => {
    const none = new shared.StreamIdentifier();
    const notFound = new messages.ReadResp.StreamNotFound();
    notFound.setStreamIdentifier(none);
    const confirmed = new messages.ReadResp.SubscriptionConfirmation();
    confirmed.setSubscriptionId('5');
    const kinds = [
      bytesOf((response) => response.setConfirmation(confirmed)),
      bytesOf((response) => response.setCaughtUp(new messages.ReadResp.CaughtUp())),
      bytesOf((response) => response.setFellBehind(new messages.ReadResp.FellBehind())),
      bytesOf((response) => response.setStreamNotFound(notFound)),
      bytesOf((response) => response.setCheckpoint(new messages.ReadResp.Checkpoint())),
      bytesOf((response) => response.setLastStreamPosition('7')),
    ].map((bytes) => readMessage(bytes).kind);
    expect(kinds).to.deep.equal(['confirmation', 'caughtUp', 'other', 'streamNotFound', 'other', 'other']);
  });

  it('says so where a link is all that came', () => {
    const link = new messages.ReadResp.ReadEvent();
    link.setLink(
      recorded({
        id: '00000000-0000-4000-8000-000000000000',
        stream: 's-1',
        type: '$>',
        revision: 0n,
        position: 1n,
        data: '',
        metadata: '',
        created: 0n,
        contentType: 'application/octet-stream',
      }),
    );
    expect(readMessage(bytesOf((response) => response.setEvent(link)))).to.deep.equal({
      kind: 'event',
      event: undefined,
    });
  });

  it('refuses what is cut off', () => {
    const whole = bytesOf((response) =>
      response.setEvent(
        answer({
          id: '00000000-0000-4000-8000-000000000000',
          stream: 's-1',
          type: 'Happened',
          revision: 0n,
          position: 1n,
          data: '{"a":1}',
          metadata: '{}',
          created: 0n,
          contentType: 'application/json',
        }),
      ),
    );
    expect(() => readMessage(whole.subarray(0, whole.length - 3))).to.throw();
  });
});
