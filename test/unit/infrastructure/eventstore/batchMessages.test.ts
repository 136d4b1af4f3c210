import { WrongExpectedVersionError } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import fc from 'fast-check';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { parse, v4 } from 'uuid';
import { appendedBy, batchRequest, readBatchAnswer } from '../../../../src/infrastructure/eventstore/batchMessages.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const events = fc.array(
  fc.record({
    id: fc.uuid(),
    type: text,
    data: fc.jsonValue(),
    metadata: fc.record({ v: fc.nat(), reason: text }),
  }),
  { maxLength: 5 },
);
const expected = fc.oneof(fc.constant('no_stream' as const), fc.nat());

type Answer = InstanceType<typeof messages.BatchAppendResp>;
const answered = (fill: (response: Answer) => void): Buffer => {
  const response = new messages.BatchAppendResp();
  fill(response);
  return Buffer.from(response.serializeBinary());
};

describe('appends on the wire', () => {
  it('say to the client’s own reader what they were made of', () => {
    fc.assert(
      fc.property(fc.uuid(), text, events, expected, (correlation, stream, given, revision) => {
        const read = messages.BatchAppendReq.deserializeBinary(batchRequest(correlation, stream, given, revision));
        const options = read.getOptions();
        expect({
          correlation: read.getCorrelationId()?.getString(),
          stream: Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
          expected: options?.hasNoStream() === true ? 'no_stream' : Number(options?.getStreamPosition()),
          isFinal: read.getIsFinal(),
          events: read.getProposedMessagesList().map((proposed) => ({
            id: proposed.getId()?.getString(),
            type: proposed.getMetadataMap().get('type'),
            contentType: proposed.getMetadataMap().get('content-type'),
            data: JSON.parse(Buffer.from(proposed.getData_asU8()).toString('utf8')) as unknown,
            metadata: JSON.parse(Buffer.from(proposed.getCustomMetadata_asU8()).toString('utf8')) as unknown,
          })),
        }).to.deep.equal({
          correlation,
          stream,
          expected: revision,
          isFinal: true,
          // −0 and 0 are one in JSON
          events: given.map((event) => ({
            ...event,
            data: JSON.parse(JSON.stringify(event.data)) as unknown,
            contentType: 'application/json',
          })),
        });
      }),
    );
  });

  it('are refused before they are sent where JSON cannot say an event', () => {
    const data: Record<string, unknown> = {};
    data['self'] = data;
    expect(() => batchRequest(v4(), 's-1', [{ id: v4(), type: 'T', data, metadata: {} }], 0)).to.throw(TypeError);
  });

  it('are answered with a place in the stream and in the log', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.boolean(),
        fc.nat(),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (id, structured, revision, commit) => {
          const bytes = answered((response) => {
            const correlation = new shared.UUID();
            if (structured) correlation.setStructured(structuredOf(id));
            else correlation.setString(id);
            const position = new shared.AllStreamPosition();
            position.setCommitPosition(String(commit));
            position.setPreparePosition(String(commit));
            const success = new messages.BatchAppendResp.Success();
            success.setCurrentRevision(String(revision));
            success.setPosition(position);
            response.setCorrelationId(correlation);
            response.setSuccess(success);
          });
          const answer = readBatchAnswer(bytes);
          expect(answer.correlationId).to.equal(id);
          expect(appendedBy('s-1', answer)).to.deep.equal({ revision, position: commit });
        },
      ),
    );
  });

  it('are answered with the client’s error, where there is one', () => {
    const wrong = new shared.WrongExpectedVersion();
    wrong.setCurrentStreamRevision('4');
    wrong.setExpectedStreamPosition('2');
    const details = new any.Any();
    details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
    const status = new statuses.Status();
    status.setMessage('wrong');
    status.setDetails(details);
    const answer = readBatchAnswer(answered((response) => response.setError(status)));
    expect(() => appendedBy('s-1', answer))
      .to.throw(WrongExpectedVersionError)
      .with.property('actualVersion', 4n);
  });

  it('are not answered by a success that names no place', () => {
    const success = new messages.BatchAppendResp.Success();
    success.setCurrentRevision('4');
    const answer = readBatchAnswer(answered((response) => response.setSuccess(success)));
    expect(() => appendedBy('s-1', answer)).to.throw('names no revision and position');
  });
});

function structuredOf(id: string): InstanceType<typeof shared.UUID.Structured> {
  const bytes = Buffer.from(parse(id));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(String(bytes.readBigInt64BE(0)));
  structured.setLeastSignificantBits(String(bytes.readBigInt64BE(8)));
  return structured;
}
