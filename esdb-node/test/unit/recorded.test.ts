import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import type { RecordedEvent } from '../../src/protocol/recorded.js';
import {
  TOMBSTONE,
  decodeRecorded,
  encodeRecorded,
  idOf,
  namesOf,
  withStructuredId,
} from '../../src/protocol/recorded.js';
import { framedSize, writeFramed } from '../../src/protocol/readResp.js';

/** What the client's own generated code makes of the bytes: the judge that is not ours. */
interface Generated {
  ReadResp: {
    deserializeBinary(bytes: Uint8Array): {
      toObject(): { event?: { event?: Record<string, unknown>; link?: object; commitPosition: string } };
    };
  };
}
const generated = createRequire(import.meta.url)('@eventstore/db-client/generated/streams_pb') as Generated;

const wholeNumber = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
const events: fc.Arbitrary<RecordedEvent> = fc.record({
  id: fc.uuid(),
  stream: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
  revision: fc.oneof(wholeNumber, fc.constant(TOMBSTONE)),
  position: wholeNumber,
  type: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
  contentType: fc.constantFrom('application/json', 'application/octet-stream'),
  created: fc.integer({ min: 1_000_000_000_000, max: 9_000_000_000_000 }),
  customMetadata: fc.uint8Array({ maxLength: 400 }),
  data: fc.uint8Array({ maxLength: 40_000 }),
});

const plain = (event: RecordedEvent): object => ({
  ...event,
  customMetadata: Buffer.from(event.customMetadata).toString('hex'),
  data: Buffer.from(event.data).toString('hex'),
});

const answerOf = (bytes: Buffer, position: number) => {
  const item = { event: bytes, link: undefined, position };
  const out = Buffer.alloc(framedSize(item));
  expect(writeFramed(out, 0, item)).to.equal(out.length);
  expect(out.readUInt32BE(1)).to.equal(out.length - 5);
  return generated.ReadResp.deserializeBinary(out.subarray(5)).toObject().event;
};

describe('a stored event', () => {
  it('is the same after encoding and decoding, whatever it holds', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeRecorded(event);
        expect(plain(decodeRecorded(bytes))).to.deep.equal(plain(event));
        expect(idOf(bytes)).to.equal(event.id);
        expect(namesOf(bytes)).to.deep.equal({ stream: event.stream, type: event.type });
      }),
    );
  });

  it('is what the client reads, id as text and as two numbers', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeRecorded(event);
        const revision = event.revision === TOMBSTONE ? '9223372036854775807' : String(event.revision);
        const common = {
          streamRevision: revision,
          commitPosition: String(event.position),
          preparePosition: String(event.position),
          data: Buffer.from(event.data).toString('base64'),
          customMetadata: Buffer.from(event.customMetadata).toString('base64'),
          streamIdentifier: { streamName: Buffer.from(event.stream).toString('base64') },
        };
        const answer = answerOf(bytes, event.position);
        expect(answer?.commitPosition).to.equal(String(event.position));
        expect(answer?.event).to.deep.include(common);
        expect(answer?.event).to.have.nested.property('id.string', event.id);
        expect(answer?.event?.['metadataMap']).to.have.deep.members([
          ['type', event.type],
          ['content-type', event.contentType],
          ['created', `${event.created}0000`],
        ]);
        const structured = answerOf(withStructuredId(bytes), event.position)?.event;
        expect(structured).to.deep.include(common);
        const { mostSignificantBits: high, leastSignificantBits: low } = (
          structured?.['id'] as { structured: { mostSignificantBits: string; leastSignificantBits: string } }
        ).structured;
        const hex = [high, low].map((x) => BigInt.asUintN(64, BigInt(x)).toString(16).padStart(16, '0')).join('');
        expect(hex).to.equal(event.id.replaceAll('-', ''));
      }),
      { numRuns: 50 },
    );
  });
});
