import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import type { RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';
import { collect, freshStream, numbers, several } from '../support/events.js';

const METHODS = ['Append', 'BatchAppend', 'Read', 'Delete', 'Tombstone'];

describe('a node that is sent what it should not be', () => {
  let node: RunningNode;
  const faults: unknown[] = [];
  before(async () => {
    node = await startNode({ storage: 'memory' }, { onFault: (fault) => faults.push(fault) });
  });
  after(() => node.stop());

  /** Whoever behaves is still served, and nothing went wrong inside. */
  const isWell = async (): Promise<void> => {
    const client = EventStoreDBClient.connectionString(node.connectionString);
    const stream = freshStream();
    await client.appendToStream(stream, several(2));
    expect(numbers(await collect(client.readStream(stream)))).to.deep.equal([0, 1]);
    await client.dispose();
    expect(faults).to.deep.equal([]);
  };

  const session = async (): Promise<ClientHttp2Session> => {
    const opened = connectHttp2(`http://${node.host}:${node.port}`);
    opened.on('error', () => undefined);
    await once(opened, 'connect');
    return opened;
  };

  const call = (from: ClientHttp2Session, method: string) => {
    const stream = from.request({
      ':method': 'POST',
      ':path': `/event_store.client.streams.Streams/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.resume();
    return stream;
  };

  it('stays up when random bytes come instead of a protocol', async () => {
    for (let k = 0; k < 50; k += 1) {
      const socket = connect(node.port, node.host);
      socket.on('error', () => undefined);
      socket.end(randomBytes(1 + k * 37));
      socket.resume();
      await once(socket, 'close');
    }
    await isWell();
  });

  it('ends calls whose messages are random bytes', async () => {
    const from = await session();
    for (const method of METHODS) {
      for (let size = 0; size < 60; size += 3) {
        const header = Buffer.alloc(5);
        header.writeUInt32BE(size, 1);
        const stream = call(from, method);
        stream.end(Buffer.concat([header, randomBytes(size)]));
        // BatchAppend and subscriptions may rightly stay open
        setImmediate(() => stream.close());
        await once(stream, 'close');
      }
    }
    from.close();
    await isWell();
  });

  it('ends calls whose frames are cut off, or larger than it takes', async () => {
    const from = await session();
    for (const body of [Buffer.from([0]), Buffer.from([0, 0, 0, 0, 9, 1]), Buffer.from([0, 0xff, 0xff, 0xff, 0xff])]) {
      for (const method of METHODS) {
        const stream = call(from, method);
        stream.end(body);
        const [headers] = (await once(stream, 'response')) as [Record<string, string>];
        if (headers['grpc-status'] !== undefined) expect(headers['grpc-status']).to.not.equal('0');
        stream.close();
      }
    }
    from.close();
    await isWell();
  });

  it('forgets thousands of calls that were begun and never finished', async () => {
    for (let round = 0; round < 20; round += 1) {
      const from = await session();
      for (let k = 0; k < 100; k += 1) call(from, METHODS[k % METHODS.length] as string).write(Buffer.from([0, 0]));
      from.destroy();
    }
    await isWell();
  });
});
