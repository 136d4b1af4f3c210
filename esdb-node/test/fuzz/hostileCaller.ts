import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { appendReq, batchAppendReq, deleteReq, readReq } from '../../src/protocol/streams.js';
import { frame } from '../../src/transport/frames.js';
import type { Random } from './random.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const streams = 'event_store.client.streams.Streams';
const METHODS = [
  ...['Append', 'BatchAppend', 'Read', 'Delete', 'Tombstone'].map((name) => `${streams}/${name}`),
  ...['Create', 'Update', 'Delete', 'Read', 'GetInfo', 'List', 'ReplayParked'].map(
    (name) => `event_store.client.persistent_subscriptions.PersistentSubscriptions/${name}`,
  ),
  ...['Create', 'Statistics', 'Disable', 'Enable', 'Reset', 'Result'].map(
    (name) => `event_store.client.projections.Projections/${name}`,
  ),
  'event_store.client.users.Users/Create',
  'event_store.client.operations.Operations/StopScavenge',
  'event_store.client.monitoring.Monitoring/Stats',
  'event_store.client.gossip.Gossip/Read',
  'event_store.client.server_features.ServerFeatures/GetSupportedMethods',
  'event_store.cluster.Elections/Prepare',
];

const streamIdentifier = { streamName: Buffer.from('fuzzed') };
const id = { string: '6c1f4a35-2d0e-4b1b-8a6f-0f6f0b0d3c11' };
const proposed = {
  id,
  metadata: { type: 'Fuzzed', 'content-type': 'application/json' },
  customMetadata: Buffer.from('{}'),
  data: Buffer.from('{"n":1}'),
};
/** Requests as they should be, to be damaged. */
const SOUND = [
  Buffer.from(appendReq.encode({ options: { streamIdentifier, any: {} } })),
  Buffer.from(appendReq.encode({ proposedMessage: proposed })),
  Buffer.from(
    batchAppendReq.encode({
      correlationId: id,
      options: { streamIdentifier, any: {}, deadline: { seconds: 5, nanos: 0 } },
      proposedMessages: [proposed],
      isFinal: true,
    }),
  ),
  Buffer.from(
    readReq.encode({
      options: {
        all: { start: {} },
        readDirection: 0,
        count: 100,
        filter: {
          streamIdentifier: { regex: '^(a|b)+$' },
          max: 32,
          checkpointIntervalMultiplier: 1,
        },
        uuidOption: { string: {} },
      },
    }),
  ),
  Buffer.from(
    readReq.encode({
      options: { stream: { streamIdentifier, start: {} }, subscription: {}, noFilter: {}, uuidOption: { string: {} } },
    }),
  ),
  Buffer.from(deleteReq.encode({ options: { streamIdentifier, any: {} } })),
];

/** A caller that sends what a node should never be sent. */
export class HostileCaller {
  constructor(
    private readonly address: { readonly host: string; readonly port: number },
    private readonly random: Random,
  ) {}

  /** A connection of random bytes, or of an HTTP/2 that goes wrong after its beginning. */
  async noise(): Promise<void> {
    const { random } = this;
    const socket = connect(this.address.port, this.address.host);
    socket.on('error', () => undefined);
    socket.resume();
    const noise = random.bytes(1 + random.below(2000));
    const begun = Buffer.concat([PREFACE, EMPTY_SETTINGS, noise]);
    socket.end(random.of([noise, begun, begun.subarray(0, random.below(begun.length))]));
    const closed = once(socket, 'close');
    // a node may rightly wait for the rest
    setImmediate(() => setImmediate(() => socket.destroy()));
    await closed;
  }

  async session(): Promise<ClientHttp2Session> {
    const opened = connectHttp2(`http://${this.address.host}:${this.address.port}`);
    opened.on('error', () => undefined);
    await once(opened, 'connect');
    return opened;
  }

  call(from: ClientHttp2Session, headers: Record<string, string> = {}): ClientHttp2Stream {
    const stream = from.request({
      ':method': 'POST',
      ':path': `/${this.random.of(METHODS)}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => undefined);
    stream.resume();
    return stream;
  }

  /** A call whose messages are damaged, cut off, or said to be compressed and are not. */
  async damaged(from: ClientHttp2Session): Promise<void> {
    const { random } = this;
    const stream = this.call(from, random.of([{}, {}, { 'grpc-encoding': 'gzip' }, { 'grpc-timeout': '1S' }]));
    for (let messages = 1 + random.below(3); messages > 0; messages -= 1) {
      const message = random.below(4) === 0 ? random.of(SOUND) : random.damage(random.of(SOUND));
      const framed = frame(message);
      if (random.below(5) === 0) framed[0] = 1;
      stream.write(random.below(5) === 0 ? random.damage(framed) : framed);
    }
    stream.end();
    await this.leave(stream);
  }

  /** A call with a message larger than any that is taken: said to be, or being; or a small one that would unfold to more. */
  async oversized(from: ClientHttp2Session): Promise<void> {
    const { random } = this;
    const header = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
    const much = Buffer.alloc(256 * 1024);
    const kind = random.below(3);
    const stream = this.call(from, kind === 2 ? { 'grpc-encoding': 'gzip' } : {});
    if (kind === 0) stream.end(Buffer.concat([header, much]));
    else if (kind === 1) {
      header.writeUInt32BE(17 * 1024 * 1024, 1);
      stream.write(Buffer.concat([header, much]));
    } else {
      const bomb = frame(gzipSync(Buffer.alloc(40 * 1024 * 1024)));
      bomb[0] = 1;
      stream.end(bomb);
    }
    await this.leave(stream);
  }

  /** What each method says to a body that is wrong from its first bytes: its path, and the status with which it ends. */
  refusals(from: ClientHttp2Session, body: Buffer): Promise<{ path: string; status: string | undefined }[]> {
    const ask = async (method: string): Promise<{ path: string; status: string | undefined }> => {
      const path = `/${method}`;
      const stream = this.call(from, { ':path': path });
      let status: string | undefined;
      const note = (headers: IncomingHttpHeaders): void => {
        status = (headers['grpc-status'] as string | undefined) ?? status;
      };
      stream.on('response', note).on('trailers', note);
      stream.end(body);
      await once(stream, 'close');
      return { path, status };
    };
    return Promise.all(METHODS.map(ask));
  }

  /** A call that is begun and never goes on. */
  halfOpen(from: ClientHttp2Session): void {
    const { random } = this;
    const whole = frame(random.of(SOUND));
    this.call(from).write(whole.subarray(0, random.below(whole.length)));
  }

  /** Waits for the answer, but not for ever: subscriptions and half requests may rightly stay open. */
  private async leave(stream: ClientHttp2Stream): Promise<void> {
    const closed = once(stream, 'close');
    const patience = setTimeout(() => stream.destroy(), 30);
    await closed;
    clearTimeout(patience);
  }
}
