import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  binaryEvent,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';
import { onEveryServer } from '../support/node.js';

onEveryServer('read', (server) => {
  it('reads a stream in both directions, from any revision, up to a count', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(700));
    const read = async (options: object) => numbers(await collect(server().client.readStream(stream, options)));
    expect(await read({})).to.deep.equal(Array.from({ length: 700 }, (_, k) => k));
    expect(await read({ fromRevision: 697n })).to.deep.equal([697, 698, 699]);
    expect(await read({ fromRevision: 300n, maxCount: 2 })).to.deep.equal([300, 301]);
    expect(await read({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })).to.deep.equal([699, 698, 697]);
    expect(await read({ direction: BACKWARDS, fromRevision: 1n })).to.deep.equal([1, 0]);
    expect(await read({ fromRevision: 700n })).to.deep.equal([]);
    expect((await read({ direction: BACKWARDS, fromRevision: END })).length).to.equal(700);
  });

  it('says that a missing or soft-deleted stream is not found, and a tombstoned one deleted', async () => {
    const [soft, hard] = [freshStream('soft'), freshStream('hard')];
    for (const stream of [soft, hard]) await server().client.appendToStream(stream, numbered(1));
    await server().client.deleteStream(soft);
    await server().client.tombstoneStream(hard);
    const failure = (stream: string) => failureOf(collect(server().client.readStream(stream)));
    expect(await failure(freshStream('none'))).to.be.instanceOf(StreamNotFoundError);
    expect(await failure(soft)).to.be.instanceOf(StreamNotFoundError);
    expect(await failure(hard)).to.be.instanceOf(StreamDeletedError);
  });

  it('reads $all in the order of the appends, inclusive forwards and exclusive backwards', async () => {
    const [a, b] = [freshStream('a'), freshStream('b')];
    const { position: from } = await server().client.appendToStream(a, numbered(1));
    await server().client.appendToStream(b, numbered(2));
    const { position: to } = await server().client.appendToStream(a, numbered(3));
    if (!from || !to) throw new Error('an append has a position');
    const own = async (options: object) => {
      const all = await collect(server().client.readAll(options));
      return numbers(all.filter(({ event }) => event?.streamId === a || event?.streamId === b));
    };
    expect(await own({ fromPosition: from, direction: FORWARDS })).to.deep.equal([1, 2, 3]);
    expect(await own({ fromPosition: to, direction: BACKWARDS, maxCount: 2 })).to.deep.equal([2, 1]);
    expect(await own({ fromPosition: START })).to.deep.equal([1, 2, 3]);
    expect(await own({ fromPosition: END, direction: BACKWARDS, maxCount: 3 })).to.deep.equal([3, 2, 1]);
  });

  it('follows links, and shows a link whose target is gone without an event', async () => {
    const [target, links] = [freshStream('target'), freshStream('links')];
    await server().client.appendToStream(target, several(2));
    const link = (to: string) => binaryEvent({ type: '$>', data: Buffer.from(to) });
    await server().client.appendToStream(links, [link(`1@${target}`), link(`7@${target}`)]);
    const [good, dead] = await collect(server().client.readStream(links, { resolveLinkTos: true }));
    expect(good?.event).to.deep.include({ streamId: target, revision: 1n });
    expect(good?.link).to.deep.include({ streamId: links, revision: 0n });
    expect(dead?.event).to.equal(undefined);
    expect(dead?.link).to.deep.include({ streamId: links, revision: 1n });
    const plain = await collect(server().client.readStream(links));
    expect(plain.map(({ event }) => event?.type)).to.deep.equal(['$>', '$>']);
  });

  it('can be left in the middle', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(500));
    for await (const { event } of server().client.readStream(stream)) if (event?.revision === 2n) break;
    expect((await collect(server().client.readStream(stream))).length).to.equal(500);
  });
});

onEveryServer('stream metadata', (server) => {
  const shown = async (stream: string) => numbers(await collect(server().client.readStream(stream)));

  it('hides events by $maxCount and $tb at once, and shows them again', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(5));
    await server().client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await shown(stream)).to.deep.equal([3, 4]);
    await server().client.setStreamMetadata(stream, { truncateBefore: 1 });
    expect(await shown(stream)).to.deep.equal([1, 2, 3, 4]);
    await server().client.setStreamMetadata(stream, {});
    expect(await shown(stream)).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('keeps what was set, with fields of one own', async () => {
    const stream = freshStream();
    const metadata = { maxCount: 7, maxAge: 3600, cacheControl: 15, acl: { readRoles: ['$all'] }, mine: [1, 'x'] };
    await server().client.setStreamMetadata(stream, metadata);
    expect((await server().client.getStreamMetadata(stream)).metadata).to.deep.equal(metadata);
  });

  it('brings a soft-deleted stream back with the next append, revisions going on', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(3));
    await server().client.deleteStream(stream, { expectedRevision: 2n });
    const { nextExpectedRevision } = await server().client.appendToStream(stream, several(2, 10));
    expect(nextExpectedRevision).to.equal(4n);
    expect(await shown(stream)).to.deep.equal([10, 11]);
    expect((await server().client.getStreamMetadata(stream)).metadata).to.deep.equal({ truncateBefore: 3 });
  });
});
