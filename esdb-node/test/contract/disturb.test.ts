import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  AccessDeniedError,
  DeadlineExceededError,
  EventStoreDBClient,
  NO_STREAM,
  UnavailableError,
  UnknownError,
} from '@eventstore/db-client';
import { expect } from 'chai';
import type { Failure, RunningNode } from '../../src/index.js';
import { startNode, startNodeInWorker } from '../../src/index.js';
import { collect, failureOf, freshStream, numbered, numbers, several } from '../support/events.js';
import { Heard } from '../support/subscription.js';

/** Credentials of its own make the client take the unary Append instead of BatchAppend; it alone heeds a deadline. */
const unary = { credentials: { username: 'admin', password: 'changeit' } };
const soon = { ...unary, deadline: 150 };
const options = { storage: 'memory', projections: 'off' } as const;

/** Whether a promise is still open when the node has had every chance to settle it: it answered something asked later. */
const isOpen = async (promise: Promise<unknown>, node: RunningNode): Promise<boolean> => {
  const later = EventStoreDBClient.connectionString(`${node.connectionString}&keepAliveInterval=11111`);
  let open = true;
  promise.then(
    () => (open = false),
    () => (open = false),
  );
  await later.appendToStream(freshStream(), numbered(1), unary);
  await nextTurn();
  await later.dispose();
  return open;
};

for (const [where, start] of [
  ['in this thread', startNode],
  ['in a worker thread', startNodeInWorker],
] as const) {
  describe(`a node ${where} that a test makes misbehave`, () => {
    let node: RunningNode;
    let client: EventStoreDBClient;
    before(async () => {
      node = await start(options);
    });
    after(() => node.stop());
    beforeEach(() => {
      client = EventStoreDBClient.connectionString(node.connectionString);
    });
    afterEach(() => client.dispose());

    const stored = async (stream: string): Promise<number[]> => numbers(await collect(client.readStream(stream)));

    describe('by failNext', () => {
      it('fails the next append to a stream, stores nothing of it, and takes the one after', async () => {
        const stream = freshStream();
        const failure = await node.failNext({ call: 'append', stream, status: 'UNAVAILABLE' });
        await client.appendToStream(freshStream(), numbered(0), unary);
        expect(await failureOf(client.appendToStream(stream, numbered(1), unary))).to.be.instanceOf(UnavailableError);
        await failure.happened;
        await client.appendToStream(stream, numbered(2), unary);
        expect(await stored(stream)).to.deep.equal([2]);
      });

      it('fails one batch append alone where its answer can tell the status', async () => {
        const stream = freshStream();
        await node.failNext({ call: 'append', stream, status: 'DEADLINE_EXCEEDED' });
        await node.failNext({ call: 'append', stream, status: 'PERMISSION_DENIED' });
        const other = client.appendToStream(freshStream(), numbered(0));
        const errors = [
          await failureOf(client.appendToStream(stream, numbered(1))),
          await failureOf(client.appendToStream(stream, numbered(2))),
        ];
        await other;
        await client.appendToStream(stream, numbered(3));
        expect(errors.map((error) => error.constructor)).to.deep.equal([DeadlineExceededError, AccessDeniedError]);
        expect(await stored(stream)).to.deep.equal([3]);
      });

      it('ends a whole BatchAppend with any other status', async () => {
        const stream = freshStream();
        await node.failNext({ call: 'append', stream, status: 'UNAVAILABLE' });
        expect(await failureOf(client.appendToStream(stream, numbered(1)))).to.be.instanceOf(UnavailableError);
        const again = EventStoreDBClient.connectionString(node.connectionString);
        await again.appendToStream(stream, numbered(2));
        await again.dispose();
        expect(await stored(stream)).to.deep.equal([2]);
      });

      it('stores an append whose answer is lost: the caller runs into its deadline, and the repetition is recognised', async () => {
        const stream = freshStream();
        const events = several(2);
        const failure = await node.failNext({ call: 'append', stream, loseAnswer: true });
        const append = client.appendToStream(stream, events, { expectedRevision: NO_STREAM, ...soon });
        expect(await failureOf(append)).to.be.instanceOf(DeadlineExceededError);
        await failure.happened;
        const again = await client.appendToStream(stream, events, { expectedRevision: NO_STREAM, ...unary });
        expect(again.nextExpectedRevision).to.equal(1n);
        expect(await stored(stream)).to.deep.equal([0, 1]);
      });

      it('leaves a batch append whose answer is lost open until its connection is cut', async () => {
        const stream = freshStream();
        const failure = await node.failNext({ call: 'append', stream, loseAnswer: true });
        const append = client.appendToStream(stream, numbered(1));
        const failed = failureOf(append);
        await failure.happened;
        expect(await isOpen(append, node)).to.equal(true);
        await node.cut();
        expect(await failed).to.be.instanceOf(UnavailableError);
        const again = EventStoreDBClient.connectionString(node.connectionString);
        expect(numbers(await collect(again.readStream(stream)))).to.deep.equal([1]);
        await again.dispose();
      });

      it('delays an append, and does it then', async () => {
        const stream = freshStream();
        const failure = await node.failNext({ call: 'append', stream, delay: 40 });
        const append = client.appendToStream(stream, numbered(1), unary);
        expect((await append).nextExpectedRevision).to.equal(0n);
        await failure.happened;
      });

      it('fails reads, subscriptions and deletes, each for its own stream', async () => {
        const stream = freshStream();
        await client.appendToStream(stream, several(2));
        await node.failNext({ call: 'read', stream, status: 'ABORTED', details: 'not now' });
        await node.failNext({ call: 'read', stream: '$all', status: 'INTERNAL' });
        await node.failNext({ call: 'subscribe', stream, status: 'UNAVAILABLE' });
        await node.failNext({ call: 'delete', stream, status: 'UNKNOWN' });
        expect((await failureOf(collect(client.readStream(stream)))).message).to.contain('not now');
        expect(await failureOf(collect(client.readAll({ maxCount: 1 })))).to.be.instanceOf(UnknownError);
        expect(await failureOf(client.deleteStream(stream))).to.be.instanceOf(UnknownError);
        const heard = new Heard(client.subscribeToStream(stream));
        await heard.until(({ error }) => error !== undefined);
        expect(heard.error).to.be.instanceOf(UnavailableError);
        expect(await stored(stream)).to.deep.equal([0, 1]);
      });

      it('answers a read with nothing at all when its answer is lost', async () => {
        const stream = freshStream();
        await client.appendToStream(stream, several(2));
        const failure = await node.failNext({ call: 'read', stream, loseAnswer: true });
        const read = collect(client.readStream(stream));
        const failed = failureOf(read);
        await failure.happened;
        expect(await isOpen(read, node)).to.equal(true);
        await node.cut();
        expect(await failed).to.be.instanceOf(Error);
      });

      it('fails any method of any service, with what the client tells its errors by', async () => {
        const trailers = { exception: 'access-denied' };
        await node.failNext({ call: 'Streams/Tombstone', status: 'PERMISSION_DENIED', trailers });
        const stream = freshStream();
        await client.appendToStream(stream, numbered(1));
        expect(await failureOf(client.tombstoneStream(stream))).to.be.instanceOf(AccessDeniedError);
        expect((await client.tombstoneStream(stream)).position?.commit).to.be.a('bigint');
      });

      it('does what a method is asked for when only its answer is lost', async () => {
        const stream = freshStream();
        await client.appendToStream(stream, numbered(1));
        const failure = await node.failNext({ call: 'Streams/Tombstone', loseAnswer: true });
        const tombstone = failureOf(client.tombstoneStream(stream, { deadline: 150 }));
        await failure.happened;
        expect(await tombstone).to.be.instanceOf(DeadlineExceededError);
        expect((await failureOf(stored(stream))).constructor.name).to.equal('StreamDeletedError');
      });

      it('strikes as often as it is told, and not at all when it is taken back', async () => {
        const stream = freshStream();
        const append = (n: number) => client.appendToStream(stream, numbered(n), unary);
        const thrice = await node.failNext({ call: 'append', stream, status: 'UNAVAILABLE', times: 3 });
        for (const n of [1, 2, 3]) expect(await failureOf(append(n))).to.be.instanceOf(UnavailableError);
        await thrice.happened;
        await append(4);
        const never = await node.failNext({ call: 'append', stream, status: 'UNAVAILABLE' });
        await never.cancel();
        await append(5);
        expect(await stored(stream)).to.deep.equal([4, 5]);
      });
    });

    it('refuses a failure that could never strike, and goes on as before', async () => {
      const impossible = [
        [{ call: 'Gossip/Raed', status: 'ABORTED' }, 'Gossip/Raed'],
        [{ call: 'appendTo', status: 'ABORTED' }, 'appendTo'],
        [{ call: 'Gossip/Read', stream: 's', status: 'ABORTED' }, 'every stream alike'],
        [{ call: 'read', stream: 7, status: 'ABORTED' }, 'stream'],
        [{ call: 'read', status: 'OK' }, '"OK"'],
        [{ call: 'read', status: 'LOST' }, '"LOST"'],
        [{ call: 'read' }, 'one of status, loseAnswer and delay'],
        [{ call: 'read', delay: 5, loseAnswer: true }, 'one of status, loseAnswer and delay'],
        [{ call: 'read', delay: -1 }, 'delay'],
        [{ call: 'read', loseAnswer: false }, 'loseAnswer'],
        [{ call: 'read', status: 'ABORTED', times: 0 }, 'times'],
        [undefined, 'call'],
      ] as const;
      for (const [failure, words] of impossible) {
        const refusal = await failureOf(node.failNext(failure as unknown as Failure));
        expect(refusal).to.be.instanceOf(TypeError);
        expect(refusal.message).to.contain(words);
      }
      const stream = freshStream();
      await client.appendToStream(stream, numbered(1));
      expect(await stored(stream)).to.deep.equal([1]);
    });

    describe('by pause', () => {
      it('takes appends and answers none, so that they run into their deadlines; afterwards it serves as before', async () => {
        const stream = freshStream();
        await node.pause();
        const late = await failureOf(client.appendToStream(stream, numbered(1), soon));
        await node.resume();
        await client.appendToStream(stream, numbered(2), unary);
        expect(late).to.be.instanceOf(DeadlineExceededError);
        expect((await stored(stream)).at(-1)).to.equal(2);
      });

      it('does and answers on resume what came in meanwhile, in order', async () => {
        const stream = freshStream();
        const before = await client.appendToStream(stream, numbered(0));
        expect(before.success).to.equal(true);
        await node.pause();
        const appends = [1, 2, 3].map((n) => client.appendToStream(stream, numbered(n)));
        // the client has sent them when a deadline of its own, begun later, is over
        await failureOf(client.appendToStream(freshStream(), numbered(9), soon));
        await node.resume();
        expect((await Promise.all(appends)).map(({ nextExpectedRevision }) => nextExpectedRevision)).to.deep.equal([
          1n,
          2n,
          3n,
        ]);
        expect(await stored(stream)).to.deep.equal([0, 1, 2, 3]);
      });

      it('keeps subscriptions silent, and lets them hear everything on resume', async () => {
        const stream = freshStream();
        const heard = await new Heard(client.subscribeToStream(stream)).until(({ signs }) => signs.length > 0);
        await client.appendToStream(stream, numbered(1));
        await heard.until((so) => so.numbers.length === 1);
        await node.pause();
        const append = client.appendToStream(stream, several(2, 2));
        await failureOf(client.appendToStream(freshStream(), numbered(9), soon));
        expect(heard.numbers).to.deep.equal([1]);
        await node.resume();
        await append;
        await heard.until((so) => so.numbers.length === 3);
        expect(heard.numbers).to.deep.equal([1, 2, 3]);
        await heard.subscription.unsubscribe();
      });
    });

    it('drops every connection by cut: who waits is told, and whoever calls again is served', async () => {
      const stream = freshStream();
      await client.appendToStream(stream, numbered(1));
      const heard = await new Heard(client.subscribeToStream(stream)).until((so) => so.numbers.length === 1);
      await node.cut();
      await heard.until(({ error }) => error !== undefined);
      expect(heard.error).to.be.instanceOf(UnavailableError);
      const again = EventStoreDBClient.connectionString(node.connectionString);
      await again.appendToStream(stream, numbered(2));
      expect(numbers(await collect(again.readStream(stream)))).to.deep.equal([1, 2]);
      await again.dispose();
    });

    it('stops while it is paused', async () => {
      const paused = await start(options);
      await paused.pause();
      await paused.stop();
      await failureOf(fetch(`http://${paused.host}:${paused.port}/health/live`));
    });
  });
}
