// What the client can do at most: a server that answers every Read and every unary Append with bytes prepared before. Prints its port.
// Arguments: events of a stream read, events of a read of $all.
import { createServer } from 'node:http2';
import { encodeRecorded } from '../dist/protocol/recorded.js';
import { framedSize, writeFramed } from '../dist/protocol/readResp.js';
import { appendResp, readReq } from '../dist/protocol/streams.js';
import { frame } from '../dist/transport/frames.js';

const data = Buffer.from(JSON.stringify({ text: 'x'.repeat(280) }));
const frames = (count) => {
  const items = Array.from({ length: count }, (_, revision) => ({
    event: encodeRecorded({
      id: '6c1f4a35-2d0e-4b1b-8a6f-0f6f0b0d3c11',
      stream: 'bench-stream',
      revision,
      position: revision * 500,
      type: 'Happened',
      contentType: 'application/json',
      created: 1_700_000_000_000,
      customMetadata: Buffer.alloc(0),
      data,
    }),
    link: undefined,
    position: revision * 500,
  }));
  const out = Buffer.allocUnsafe(items.reduce((sum, item) => sum + framedSize(item), 0));
  items.reduce((at, item) => writeFramed(out, at, item), 0);
  return out;
};
const prepared = new Map([10, 100, 1000].map((count) => [count, frames(count)]));
const many = frames(10_000);
const place = { commitPosition: 5000, preparePosition: 5000 };
const appended = frame(appendResp.encode({ success: { currentRevision: 5, position: place } }));

/** The answer to a call; undefined to one that is not there. */
const answerTo = (path, request) => {
  if (path.endsWith('/Append')) return appended;
  if (!path.endsWith('/Read')) return undefined;
  const { options } = readReq.decode(request.subarray(5));
  return options?.streamOption === 'stream' ? prepared.get(Number(options.count.toString())) : many;
};

const server = createServer({ settings: { initialWindowSize: 1 << 20 } });
server.on('stream', (stream, { ':path': path }) => {
  const parts = [];
  stream.on('error', () => undefined);
  stream.on('data', (part) => parts.push(part));
  stream.on('end', () => {
    const answer = answerTo(path, Buffer.concat(parts));
    const headers = { ':status': 200, 'content-type': 'application/grpc' };
    if (!answer) return stream.respond({ ...headers, 'grpc-status': '12' }, { endStream: true });
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
