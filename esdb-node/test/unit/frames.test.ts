import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { FrameReader, frame } from '../../src/transport/frames.js';
import { GrpcError, Status } from '../../src/transport/status.js';

const read = (chunks: readonly Buffer[], { limit = 1 << 20, encoding }: { limit?: number; encoding?: string } = {}) => {
  const messages: Buffer[] = [];
  const reader = new FrameReader(limit, encoding, (message) => messages.push(message));
  for (const chunk of chunks) reader.push(chunk);
  return { messages, incomplete: reader.incomplete };
};

/** Cuts bytes into pieces of the given sizes, the rest in one. */
const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const out: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    out.push(bytes.subarray(at, at + size));
    at = Math.min(bytes.length, at + size);
  }
  return [...out, bytes.subarray(at)];
};

describe('the frames of a request body', () => {
  it('give the same messages however the bytes are cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 0, max: 40 })), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(frame));
        const { messages: got, incomplete } = read(cut(bytes, sizes));
        expect(got.map((m) => m.toString('hex'))).to.deep.equal(sent.map((m) => Buffer.from(m).toString('hex')));
        expect(incomplete).to.equal(false);
      }),
    );
  });

  it('tell when a message is cut off', () => {
    const bytes = frame(Buffer.from('whole message'));
    for (let length = 1; length < bytes.length; length += 1) {
      expect(read([bytes.subarray(0, length)])).to.deep.equal({ messages: [], incomplete: true });
    }
  });

  it('are refused when a message is larger than the limit, before it has arrived', () => {
    const header = frame(Buffer.alloc(100)).subarray(0, 5);
    expect(() => read([header], { limit: 99 }))
      .to.throw(GrpcError)
      .with.property('code', Status.RESOURCE_EXHAUSTED);
  });

  it('may be compressed, but not beyond the limit', () => {
    const compressed = (size: number): Buffer => {
      const bytes = frame(gzipSync(Buffer.alloc(size, 97)));
      bytes[0] = 1;
      return bytes;
    };
    const { messages } = read([compressed(5000)], { encoding: 'gzip' });
    expect(messages.map((m) => m.toString('latin1'))).to.deep.equal(['a'.repeat(5000)]);
    expect(() => read([compressed(5000)], { encoding: 'gzip', limit: 4999 })).to.throw(GrpcError);
    expect(() => read([compressed(10)], { encoding: 'nonsense' })).to.throw(GrpcError, 'Unsupported grpc-encoding');
  });
});
