import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { following } from '../../../src/api/http/following.js';
import { boardEvents } from '../../../src/api/routes/kitchenStream.js';
import { orderEvents } from '../../../src/api/routes/orderStream.js';
import { boardWithSoldOut } from '../../../src/api/routes/soldOut.js';
import type { ShowTicket } from '../../../src/api/routes/ticketShown.js';
import { BOARD_SHOWN, shownOf } from '../../../src/api/ports/wakeUp.js';
import type { TicketView } from '../../../src/domain/ticket/index.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { announceShown } from '../../../src/main/roles/projections.js';
import type { Board } from '../../../src/projections/kitchen/queries.js';
import { idOf } from '../../support/fixtures.js';
import { startTestApi } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { recorded } from '../../support/projections.js';
import { servedTicket } from '../projections/histories.js';

const NEVER_MS = 3_600_000;

describe('What is followed', () => {
  const counter = (everyMs = NEVER_MS) => {
    const wakeUp = inMemoryWakeUp();
    const patience = new AbortController();
    const thing = { now: 0, reads: 0 };
    const read = () => {
      thing.reads += 1;
      return Promise.resolve(thing.now);
    };
    const values = following({ read, wakeUp, topic: 'it', everyMs }, patience.signal);
    const change = (): void => {
      thing.now += 1;
      wakeUp.notify('it');
    };
    const next = async () => (await values.next()).value as number | undefined;
    return { thing, wakeUp, patience, values, change, next };
  };

  it('is shown at once, and again at every call', async () => {
    const { change, next, patience } = counter();
    expect(await next()).to.equal(0);
    const coming = next();
    await sleep(5);
    change();
    expect(await coming).to.equal(1);
    patience.abort();
  });

  it('is not missed when it changes while it is read, or before it is asked for again', async () => {
    const { thing, wakeUp, change, next, patience } = counter();
    const reading = following(
      {
        read: async () => {
          const before = thing.now;
          if (before === 0) change();
          await sleep(5);
          return before;
        },
        wakeUp,
        topic: 'it',
        everyMs: NEVER_MS,
      },
      patience.signal,
    );
    expect((await reading.next()).value).to.equal(0);
    expect((await reading.next()).value).to.equal(1);
    await next();
    change();
    expect(await next()).to.equal(2);
    patience.abort();
  });

  it('does not pile up for who is late: they get the newest, with one look', async () => {
    const { thing, change, next, patience } = counter();
    await next();
    for (let n = 0; n < 100; n++) change();
    expect([await next(), thing.reads]).to.deep.equal([100, 2]);
    patience.abort();
  });

  it('is looked at although no call came through, and no longer than patience lasts', async () => {
    const { thing, next, values, patience } = counter(20);
    await next();
    thing.now = 7;
    expect(await next()).to.equal(7);
    patience.abort();
    expect((await values.next()).done).to.equal(true);
  });

  it('is called for by every commit: each stream of it, and the board where there are tickets', async () => {
    const wakeUp = inMemoryWakeUp();
    const called: string[] = [];
    announceShown({ ...wakeUp, notify: (topic) => called.push(topic) })(
      recorded(`ticket-${idOf('ticket', 1)}`, servedTicket.slice(0, 2)),
    );
    expect(called).to.deep.equal([shownOf(`ticket-${idOf('ticket', 1)}`), BOARD_SHOWN]);
    called.length = 0;
    announceShown({ ...wakeUp, notify: (topic) => called.push(topic) })([]);
    expect(called).to.deep.equal([]);
    await wakeUp.close();
  });
});

async function* all<T>(...values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const value of values) result.push(value);
  return result;
}

describe('The events of an order', () => {
  it('are those states that are newer than the last, each with its revision', async () => {
    const views = [3, 3, 2, 4, 4, 9].map((revision) => ({ revision, json: '{}' }));
    const events = await collected(orderEvents(all(...views)));
    expect(events.map(({ event, id }) => `${event} ${id}`)).to.deep.equal(['order 3', 'order 4', 'order 9']);
  });
});

describe('The events of the kitchen board', () => {
  const view = (n: number, ...stations: readonly string[]): TicketView =>
    ({
      id: idOf('ticket', n),
      items: stations.map((station) => ({ station, qty: 1, voided: 0 })),
    }) as unknown as TicketView;
  const board = (position: number, ...tickets: readonly (readonly [version: string, view: TicketView])[]): Board => ({
    position: String(position),
    tickets: new Map(tickets.map(([version, one]) => [one.id, { version, view: one }])),
    more: false,
  });
  const told = async (station: string | undefined, ...boards: readonly Board[]) =>
    (await collected(boardEvents(all(...boards), station, show))).map(({ event, id, json }) => {
      const { tickets, gone } = JSON.parse(json) as { tickets: { id: string }[]; gone?: string[] };
      const number = (of: string): number => [1, 2, 3].find((n) => idOf('ticket', n) === of) ?? 0;
      return { event, id, tickets: tickets.map((one) => number(one.id)), ...(gone ? { gone: gone.map(number) } : {}) };
    });

  const show = ((shown: TicketView) => Promise.resolve(shown)) as unknown as ShowTicket;

  const boards = [
    board(10, ['a', view(1, 'oven')], ['a', view(2, 'grill')]),
    board(20, ['a', view(1, 'oven')], ['a', view(2, 'grill')]),
    board(30, ['b', view(1, 'oven')], ['a', view(2, 'grill')], ['a', view(3, 'oven', 'grill')]),
    board(40, ['b', view(1, 'oven')], ['a', view(3, 'oven', 'grill')]),
    board(50, ['c', view(1, 'grill')], ['a', view(3, 'oven', 'grill')]),
    board(60),
  ];

  it('tell what came, changed and went, and nothing where nothing did', async () => {
    expect(await told(undefined, ...boards)).to.deep.equal([
      { event: 'board', id: '10', tickets: [1, 2] },
      { event: 'change', id: '30', tickets: [1, 3], gone: [] },
      { event: 'change', id: '40', tickets: [], gone: [2] },
      { event: 'change', id: '50', tickets: [1], gone: [] },
      { event: 'change', id: '60', tickets: [], gone: [1, 3] },
    ]);
  });

  it('tell a station of nothing but its own, and that a ticket has nothing for it any more', async () => {
    expect(await told('oven', ...boards)).to.deep.equal([
      { event: 'board', id: '10', tickets: [1] },
      { event: 'change', id: '30', tickets: [1, 3], gone: [] },
      { event: 'change', id: '50', tickets: [], gone: [1] },
      { event: 'change', id: '60', tickets: [], gone: [3] },
    ]);
    expect(await told('bar', ...boards)).to.deep.equal([{ event: 'board', id: '10', tickets: [] }]);
  });

  it('tell of a ticket anew when something of it is sold out, and when it is to be had again', async () => {
    let isSuspended = false;
    let now = 0;
    const offer = () => (isSuspended ? { suspensions: [{ reason: 'no more' }] } : {}) as never;
    const withSoldOut = boardWithSoldOut({
      catalogue: { offer, location: () => undefined },
      clock: { now: () => new Date(now).toISOString() },
      log: { error: () => undefined, warn: () => undefined, debug: () => undefined } as never,
    });
    const queued = { ...view(1), items: [{ itemId: idOf('ticketItem', 1), sku: 'soup', state: 'queued' }] };
    const look = async (position: number): Promise<Board> => {
      now += 1_000;
      return withSoldOut(board(position, ['a', queued as unknown as TicketView], ['a', view(2)]));
    };
    const looks: Board[] = [await look(10)];
    isSuspended = true;
    looks.push(await look(10), await look(10));
    isSuspended = false;
    looks.push(await look(10));
    expect(await told(undefined, ...looks)).to.deep.equal([
      { event: 'board', id: '10', tickets: [1, 2] },
      { event: 'change', id: '10', tickets: [1], gone: [] },
      { event: 'change', id: '10', tickets: [1], gone: [] },
    ]);
  });

  it('come to one who does not read only as far as the connection takes them, and the next board waits for that', async () => {
    let reads = 0;
    const large = (): Board => {
      reads += 1;
      const items = [{ station: 'oven', qty: 1, voided: 0, name: 'x'.repeat(1_000_000) }];
      return board(reads, [String(reads), { ...view(1), items } as unknown as TicketView]);
    };
    const api = await startTestApi(({ kitchen }) => ({
      kitchen: { ...kitchen, board: () => Promise.resolve(large()) },
      streams: { heartbeatMs: 3_600_000 },
    }));
    const { port } = new URL(api.base);
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('GET /v1/kitchen/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(slow, 'data');
    slow.pause();
    const calling = setInterval(() => api.wakeUp.notify(BOARD_SHOWN), 1);
    try {
      let before = -1;
      await until('no board is read any more', async () => {
        if (reads === before) return true;
        before = reads;
        await sleep(300);
        return false;
      });
      // what the operating system holds for a connection, and one event more
      expect(reads).to.be.greaterThan(2).and.lessThan(40);
    } finally {
      clearInterval(calling);
      slow.destroy();
      await api.close();
    }
  });
});
