import { END, START, StreamDeletedError, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client';
import { expect } from 'chai';
import { freshStream, numbered, several } from '../support/events.js';
import { onEveryServer } from '../support/node.js';
import { Heard } from '../support/subscription.js';

onEveryServer('subscriptions', (server) => {
  const open: Heard[] = [];
  const hear = (subscription: Heard['subscription']): Heard => {
    const heard = new Heard(subscription);
    open.push(heard);
    return heard;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ subscription }) => subscription.unsubscribe().catch(() => undefined)));
  });

  it('gives a stream from its start, says when it has caught up, and goes on live', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(600));
    const heard = hear(server().client.subscribeToStream(stream, { fromRevision: START }));
    await heard.caughtUp();
    expect(heard.numbers.length).to.equal(600);
    await server().client.appendToStream(stream, several(2, 600));
    await heard.until(({ numbers }) => numbers.length === 602);
    expect(heard.numbers).to.deep.equal(Array.from({ length: 602 }, (_, k) => k));
    expect(heard.signs).to.deep.equal(['confirmation', 'caughtUp']);
  });

  it('starts after a revision, and after the end', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, several(5));
    const middle = hear(server().client.subscribeToStream(stream, { fromRevision: 2n }));
    const end = hear(server().client.subscribeToStream(stream, { fromRevision: END }));
    await Promise.all([middle.caughtUp(), end.caughtUp()]);
    await server().client.appendToStream(stream, numbered(5));
    await Promise.all([middle.until((h) => h.numbers.includes(5)), end.until((h) => h.numbers.includes(5))]);
    expect(middle.numbers).to.deep.equal([3, 4, 5]);
    expect(end.numbers).to.deep.equal([5]);
  });

  it('waits for a stream that does not exist yet', async () => {
    const stream = freshStream();
    const heard = hear(server().client.subscribeToStream(stream, { fromRevision: START }));
    await heard.until(({ signs }) => signs.includes('confirmation'));
    await server().client.appendToStream(stream, numbered(1));
    await heard.until(({ numbers }) => numbers.length === 1);
  });

  it('gives every event of $all once and in order while others write', async () => {
    const prefix = freshStream('storm');
    const { position } = await server().client.appendToStream(freshStream('mark'), numbered(0));
    if (!position) throw new Error('an append has a position');
    const writing = Promise.all(
      Array.from({ length: 200 }, (_, k) => server().client.appendToStream(`${prefix}-${k % 7}`, numbered(k))),
    );
    const filter = streamNameFilter({ prefixes: [prefix] });
    const heard = hear(server().client.subscribeToAll({ fromPosition: position, filter }));
    await Promise.all([writing, heard.until(({ numbers }) => numbers.length === 200)]);
    expect([...heard.numbers].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 200 }, (_, k) => k));
  });

  it('lets a filter through what it names, by prefix and by regular expression', async () => {
    const [a, b] = [freshStream('aa'), freshStream('bb')];
    const byPrefix = hear(
      server().client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [a] }) }),
    );
    const byRegex = hear(
      server().client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ regex: `^${b}$` }) }),
    );
    const noSystem = hear(server().client.subscribeToAll({ fromPosition: END, filter: excludeSystemEvents() }));
    await Promise.all([byPrefix.caughtUp(), byRegex.caughtUp(), noSystem.caughtUp()]);
    await server().client.appendToStream(a, numbered(1));
    await server().client.setStreamMetadata(a, { maxCount: 9 });
    await server().client.appendToStream(b, numbered(2));
    await noSystem.until(({ numbers }) => numbers.length === 2);
    await byRegex.until(({ numbers }) => numbers.length === 1);
    expect(noSystem.numbers).to.deep.equal([1, 2]);
    expect(byPrefix.numbers).to.deep.equal([1]);
    expect(byRegex.numbers).to.deep.equal([2]);
  });

  it('sends checkpoints from which one can go on', async () => {
    const [wanted, other] = [freshStream('wanted'), freshStream('other')];
    let reached: { commit: bigint; prepare: bigint } | undefined;
    let wake = (): void => undefined;
    const first = hear(
      server().client.subscribeToAll({
        fromPosition: END,
        filter: streamNameFilter({
          prefixes: [wanted],
          checkpointInterval: 1,
          maxSearchWindow: 4,
          checkpointReached: (_, position) => {
            reached = position;
            wake();
          },
        }),
      }),
    );
    await first.caughtUp();
    const checkpoint = new Promise<void>((resolve) => (wake = resolve));
    await server().client.appendToStream(other, several(4));
    await checkpoint;
    await server().client.appendToStream(wanted, numbered(7));
    if (!reached) throw new Error('a checkpoint was reached');
    const second = hear(
      server().client.subscribeToAll({ fromPosition: reached, filter: streamNameFilter({ prefixes: [wanted] }) }),
    );
    await second.until(({ numbers }) => numbers.length === 1);
    expect(second.numbers).to.deep.equal([7]);
  });

  it('ends with an error when the stream is tombstoned', async () => {
    const stream = freshStream();
    await server().client.appendToStream(stream, numbered(1));
    const heard = hear(server().client.subscribeToStream(stream, { fromRevision: END }));
    await heard.caughtUp();
    await server().client.tombstoneStream(stream);
    await heard.until(({ error }) => error !== undefined);
    expect(heard.error).to.be.instanceOf(StreamDeletedError);
  });
});
