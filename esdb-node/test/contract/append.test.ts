import { randomUUID } from 'node:crypto';
import {
  ANY,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  WrongExpectedVersionError,
  binaryEvent,
  jsonEvent,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';
import { onEveryServer } from '../support/node.js';

/** Credentials of its own make the client take the unary Append instead of BatchAppend. */
const PATHS = { BatchAppend: {}, 'the unary Append': { credentials: { username: 'admin', password: 'changeit' } } };

for (const [path, options] of Object.entries(PATHS)) {
  onEveryServer(`append by ${path}`, (server) => {
    it('answers with the last revision and the position of the last event', async () => {
      const stream = freshStream();
      const { nextExpectedRevision, position, success } = await server().client.appendToStream(stream, several(3), {
        expectedRevision: NO_STREAM,
        ...options,
      });
      const last = (await collect(server().client.readStream(stream))).at(-1);
      expect(success).to.equal(true);
      expect(nextExpectedRevision).to.equal(2n);
      expect(position?.commit).to.equal(last?.event?.position?.commit);
    });

    it('refuses a wrong expected revision and tells the real one', async () => {
      const stream = freshStream();
      await server().client.appendToStream(stream, several(2), options);
      for (const expectedRevision of [NO_STREAM, 0n, 5n] as const) {
        const append = server().client.appendToStream(stream, numbered(9), { expectedRevision, ...options });
        const error = await failureOf(append);
        expect(error).to.be.instanceOf(WrongExpectedVersionError);
        expect((error as WrongExpectedVersionError).actualVersion).to.equal(1n);
      }
      expect(numbers(await collect(server().client.readStream(stream)))).to.deep.equal([0, 1]);
    });

    it('takes STREAM_EXISTS only where the stream exists', async () => {
      const stream = freshStream();
      const expecting = { expectedRevision: STREAM_EXISTS, ...options } as const;
      const error = await failureOf(server().client.appendToStream(stream, numbered(1), expecting));
      expect(error).to.be.instanceOf(WrongExpectedVersionError);
      await server().client.appendToStream(stream, numbered(1), options);
      const { nextExpectedRevision } = await server().client.appendToStream(stream, numbered(2), expecting);
      expect(nextExpectedRevision).to.equal(1n);
    });

    it('answers a repeated append as the first time, also after later ones', async () => {
      const stream = freshStream();
      const events = several(3);
      const expecting = { expectedRevision: NO_STREAM, ...options } as const;
      const first = await server().client.appendToStream(stream, events, expecting);
      await server().client.appendToStream(stream, several(2, 10), options);
      const again = await server().client.appendToStream(stream, events, expecting);
      expect(again).to.deep.equal(first);
      expect(numbers(await collect(server().client.readStream(stream)))).to.deep.equal([0, 1, 2, 10, 11]);
    });

    it('takes known and new ids mixed for a conflict', async () => {
      const stream = freshStream();
      const events = several(2);
      await server().client.appendToStream(stream, events, { expectedRevision: NO_STREAM, ...options });
      const mixed = server().client.appendToStream(stream, [...events, numbered(9)], {
        expectedRevision: NO_STREAM,
        ...options,
      });
      expect(await failureOf(mixed)).to.be.instanceOf(WrongExpectedVersionError);
    });

    it('recognises ids that it saw lately, expecting ANY', async () => {
      const stream = freshStream();
      const events = several(2);
      await server().client.appendToStream(stream, events, { expectedRevision: ANY, ...options });
      await server().client.appendToStream(stream, events, { expectedRevision: ANY, ...options });
      expect(numbers(await collect(server().client.readStream(stream)))).to.deep.equal([0, 1]);
    });

    it('gives back data, metadata, type and content as they came', async () => {
      const stream = freshStream();
      const bytes = Uint8Array.from([0, 1, 255, 254, 10]);
      const id = randomUUID();
      await server().client.appendToStream(
        stream,
        [
          jsonEvent({ id, type: 'žluť-日本', data: { ž: ['😀', null, 1.5] }, metadata: { $correlationId: 'c' } }),
          binaryEvent({ type: 'Blob', data: bytes, metadata: bytes }),
        ],
        options,
      );
      const [json, binary] = (await collect(server().client.readStream(stream))).map(({ event }) => event);
      expect(json).to.deep.include({ id, streamId: stream, revision: 0n, type: 'žluť-日本', isJson: true });
      expect(json?.data).to.deep.equal({ ž: ['😀', null, 1.5] });
      expect(json?.metadata).to.deep.equal({ $correlationId: 'c' });
      expect(binary).to.deep.include({ revision: 1n, type: 'Blob', isJson: false });
      expect(Buffer.from(binary?.data as Uint8Array)).to.deep.equal(Buffer.from(bytes));
      expect(Buffer.from(binary?.metadata as Uint8Array)).to.deep.equal(Buffer.from(bytes));
    });

    it('takes 1 MiB of data in one append, and not a byte more', async () => {
      const stream = freshStream();
      const blob = (size: number) => binaryEvent({ type: 'Blob', data: Buffer.alloc(size, 97) });
      const { nextExpectedRevision } = await server().client.appendToStream(stream, blob(1024 * 1024), options);
      const error = await failureOf(server().client.appendToStream(stream, blob(1024 * 1024 + 1), options));
      expect(nextExpectedRevision).to.equal(0n);
      expect(error).to.be.instanceOf(MaxAppendSizeExceededError);
    });

    it('keeps concurrent appends whole: no gap, no event between those of one append', async () => {
      const stream = freshStream();
      await Promise.all(
        Array.from({ length: 20 }, (_, k) =>
          server().client.appendToStream(stream, several(3, k * 10), { expectedRevision: ANY, ...options }),
        ),
      );
      const events = await collect(server().client.readStream(stream));
      expect(events.map(({ event }) => Number(event?.revision))).to.deep.equal(events.map((_, k) => k));
      const found = numbers(events);
      for (let k = 0; k < found.length; k += 3) {
        const first = found[k] as number;
        expect(found.slice(k, k + 3)).to.deep.equal([first, first + 1, first + 2]);
      }
    });

    it('refuses to append to a tombstoned stream', async () => {
      const stream = freshStream();
      await server().client.appendToStream(stream, numbered(1), options);
      await server().client.tombstoneStream(stream);
      const error = await failureOf(server().client.appendToStream(stream, numbered(2), options));
      expect(error).to.be.instanceOf(StreamDeletedError);
    });
  });
}
