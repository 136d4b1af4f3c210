import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { ApiDependencies } from '../../../src/api/createApi.js';
import { freshCommandId, lineIdOf, orderIdOfKey, ticketIdOf, ticketItemIdOf } from '../../../src/commands/identity.js';
import type { LocationId, Sku, TicketId } from '../../../src/domain/kernel/ids.js';
import type { WakeUp } from '../../../src/api/ports/wakeUp.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { ticket, type TicketCommand } from '../../../src/domain/ticket/index.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { redisWakeUp } from '../../../src/infrastructure/redis/redisWakeUp.js';
import { listen } from '../../../src/main/components/http.js';
import { follow, type ReceivedEvent, type StreamClient } from '../../support/eventStream.js';
import { freePort } from '../../support/freePort.js';
import { serve, type Served } from '../../support/inMemory/api.js';
import { redis } from '../../support/services/index.js';
import { until } from '../../support/until.js';
import { type ApiHouse, enterApi } from './house.js';

type Ticket = { readonly id: string; readonly state: string; readonly revision: number };

describe('Streams of the API, on a real event store and a real PostgreSQL', function () {
  this.timeout(300_000);
  let api: ApiHouse;
  const run = randomUUID().slice(0, 8);
  const open: { readonly close: () => unknown }[] = [];

  const following = async (base: string, path: string, headers?: Record<string, string>): Promise<StreamClient> => {
    const client = await follow(`${base}${path}`, headers);
    open.push(client);
    return client;
  };
  const another = async (change?: Partial<ApiDependencies>): Promise<Served> => {
    const served = await serve(api.another(change));
    open.push(served);
    return served;
  };

  let throughRedis: () => WakeUp;

  before(async () => {
    const service = await redis();
    const channel = `${service.prefix()}wakeup`;
    throughRedis = () => redisWakeUp({ url: service.url, local: inMemoryWakeUp(), channel });
    api = await enterApi({ wakeUp: throughRedis() });
    const offer = { name: 'Soup', price: { amount: 450, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', `/v1/offers/soup-${run}`, { body: offer });
  });
  afterEach(async () => {
    for (const { close } of open.splice(0).reverse()) await close();
  });
  after(() => api.leave());

  const place = async (key: string): Promise<string> => {
    const placed = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: `soup-${run}`, quantity: 1 }] },
      headers: { 'idempotency-key': `${run}-${key}` },
    });
    expect(placed.status).to.equal(201);
    return String(placed.body.id);
  };
  /** Writes something down at one of the APIs; the order's revision afterwards. */
  const note = async (id: string, from: Served = api): Promise<number> => {
    const noted = await from.request('POST', `/v1/orders/${id}/notes`, { body: { text: 'by the door' } });
    expect(noted.status).to.equal(201);
    return noted.body.revision as number;
  };
  const revisions = ({ events }: StreamClient): number[] => events.map(({ data }) => data['revision'] as number);

  /** A ticket for a station; the same key gives the same one. */
  const openTicket = async (key: string, station: string, size = 1): Promise<TicketId> => {
    const orderId = orderIdOfKey('streams', `${run}-${key}`);
    const locationId = 'main' as LocationId;
    const id = ticketIdOf(orderId, locationId);
    const openedAt = new Date().toISOString();
    const items = Array.from({ length: size }, (_, n) => {
      const lineId = lineIdOf(orderId, n);
      const options = Array.from({ length: size === 1 ? 0 : 20 }, () => ({
        name: 'x'.repeat(90),
        choice: 'y'.repeat(90),
      }));
      const itemId = ticketItemIdOf(id, lineId);
      return { itemId, lineId, sku: 'soup' as Sku, name: 'Soup', qty: 1, options, station, prepSeconds: 5 };
    });
    await command(id, {
      type: 'OpenTicket',
      ticket: { ticketId: id, orderId, orderNumber: run, locationId, mode: 'pickup', items, rush: false, openedAt },
    });
    return id;
  };
  const command = (id: TicketId, wanted: TicketCommand) =>
    api.executor.execute(ticket, ticketStream(id), wanted, {
      commandId: freshCommandId(),
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at: new Date().toISOString(),
    });
  const post = (id: TicketId, action: string, body: object = {}, from: Served = api) =>
    from.request('POST', `/v1/kitchen/tickets/${id}/${action}`, { body });
  const ticketsOf = ({ data }: ReceivedEvent) => data['tickets'] as readonly Ticket[];
  const showing = (id: TicketId, state: string) => (event: ReceivedEvent) =>
    ticketsOf(event).some((one) => one.id === id && one.state === state);
  const missing = (id: TicketId) => (event: ReceivedEvent) =>
    ((event.data['gone'] ?? []) as readonly string[]).includes(id);

  describe('of an order', () => {
    it('begin with the order as it is, and show every state that it comes to', async () => {
      const id = await place('followed');
      const stream = await following(api.base, `/v1/orders/${id}/stream`);
      expect([stream.status, stream.headers['content-type']]).to.deep.equal([200, 'text/event-stream; charset=utf-8']);
      expect(stream.headers['cache-control']).to.equal('private, no-store');
      const first = await stream.event('the order comes', () => true);
      expect(stream.retry()).to.equal(2_000);
      const { body } = await api.request('GET', `/v1/orders/${id}?revision=${first.id}`);
      expect([first.event, first.data]).to.deep.equal(['order', body]);
      await api.request('POST', `/v1/orders/${id}/cancellations`, {
        body: { reason: 'test' },
        headers: { 'idempotency-key': 'off' },
      });
      const cancelled = await stream.event('it is cancelled', ({ data }) => data['status'] === 'cancelled');
      expect(cancelled.data).to.deep.equal((await api.request('GET', `/v1/orders/${id}`)).body);
      expect(cancelled.id).to.equal(String(cancelled.data['revision']));
    });

    it('show an order that was placed a moment ago, in no view yet', async () => {
      const streams = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (key) =>
          following(api.base, `/v1/orders/${await place(`fresh-${key}`)}/stream`),
        ),
      );
      for (const stream of streams) await stream.event('the order comes', ({ id }) => id === '0' || id === '1');
    });

    it('are refused as problems before they begin: unknown, malformed, not wanted as events', async () => {
      const unknown = await following(api.base, `/v1/orders/${orderIdOfKey('streams', 'nobody')}/stream`);
      expect([unknown.status, unknown.headers['content-type']]).to.deep.equal([
        404,
        'application/problem+json; charset=utf-8',
      ]);
      expect(unknown.body()).to.include({ type: '/problems/not-found', what: 'order' });
      expect((await following(api.base, '/v1/orders/x/stream')).status).to.equal(404);
      const json = { accept: 'application/json' };
      expect((await following(api.base, `/v1/orders/${await place('json')}/stream`, json)).status).to.equal(406);
      const head = await api.request('HEAD', `/v1/orders/${await place('head')}/stream`);
      expect([head.status, head.text]).to.deep.equal([200, '']);
    });

    it('show what was done at another API that shares nothing with this one but store and database', async () => {
      const there = await another();
      const id = await place('elsewhere');
      const here = await following(api.base, `/v1/orders/${id}/stream`);
      const remote = await following(there.base, `/v1/orders/${id}/stream`);
      let last = 0;
      for (let n = 0; n < 3; n++) last = await note(id, n % 2 === 0 ? api : there);
      for (const stream of [here, remote]) {
        await stream.event('the last note is there', ({ data }) => (data['revision'] as number) >= last);
        expect(revisions(stream)).to.deep.equal([...revisions(stream)].sort((a, b) => a - b));
        expect(new Set(revisions(stream)).size).to.equal(stream.events.length);
      }
    });

    it('are called by the views of another process where Redis is between, and need not look by themselves', async () => {
      const wakeUp = throughRedis();
      const there = await another({ wakeUp });
      open.push(wakeUp);
      const id = await place('called');
      const stream = await following(there.base, `/v1/orders/${id}/stream`);
      await stream.event('the order comes', () => true);
      const begun = performance.now();
      for (let n = 0; n < 6; n++) {
        const revision = await note(id);
        await stream.event('the note comes', ({ data }) => data['revision'] === revision);
      }
      // who looks by themselves does so every two seconds, and would have waited as long for each
      expect(performance.now() - begun).to.be.lessThan(6_000);
    });

    it('begin with what happened while nobody listened, after whatever id the client names', async () => {
      const id = await place('away');
      const before = await following(api.base, `/v1/orders/${id}/stream`);
      const seen = (await before.event('the order comes', () => true)).id;
      before.close();
      await note(id);
      const revision = await note(id);
      await api.request('GET', `/v1/orders/${id}?minRevision=${revision}`);
      for (const lastEventId of [seen, '999999', 'nothing of ours']) {
        const after = await following(api.base, `/v1/orders/${id}/stream`, { 'last-event-id': lastEventId });
        const first = await after.event('the order comes', () => true);
        expect(Number(first.id)).to.be.at.least(revision);
      }
    });

    it('go on when the database was away for a while', async () => {
      const id = await place('outage');
      const stream = await following(api.base, `/v1/orders/${id}/stream`);
      await stream.event('the order comes', () => true);
      let revision = 0;
      await api.databaseProxy.kill();
      try {
        const held = await api.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'test' } });
        revision = held.body.revision as number;
        expect((await following(api.base, '/v1/kitchen/stream')).status).to.equal(503);
      } finally {
        await api.databaseProxy.start();
      }
      await stream.event('what was done meanwhile is there', ({ data }) => data['revision'] === revision);
      expect(stream.ended()).to.equal(false);
    });
  });

  describe('of the kitchen', () => {
    it('begin with the board, and show what comes, changes and goes at the station', async () => {
      const [oven, grill] = [`oven-${run}`, `grill-${run}`];
      const first = await openTicket('first', oven);
      await until('it is on the board', async () =>
        (await api.request('GET', `/v1/kitchen/tickets?station=${oven}`)).text.includes(first),
      );
      const stream = await following(api.base, `/v1/kitchen/stream?station=${oven}`);
      const board = await stream.event('the board comes', () => true);
      expect([board.event, ticketsOf(board).map(({ id }) => id)]).to.deep.equal(['board', [first]]);
      const { body: listed } = await api.request('GET', `/v1/kitchen/tickets?station=${oven}`);
      expect(board.data).to.deep.equal({ tickets: listed['items'], more: false });

      const elsewhere = await openTicket('elsewhere', grill);
      const second = await openTicket('second', oven);
      await stream.event('the second ticket comes', showing(second, 'queued'));
      await post(first, 'bump');
      await stream.event('the first is ready', showing(first, 'ready'));
      await post(first, 'hand-over', { to: 'customer' });
      await stream.event('the first is gone', missing(first));
      expect(stream.events.flatMap(ticketsOf).map(({ id }) => id)).not.to.include(elsewhere);
      const positions = stream.events.map(({ id }) => BigInt(id));
      expect(positions.every((position, n) => n === 0 || position > (positions[n - 1] ?? 0n))).to.equal(true);
    });

    it('lead all APIs to the same board, though each of their clients comes and goes', async () => {
      const station = `wok-${run}`;
      const bases = [api.base, (await another()).base, (await another()).base];
      const ids: TicketId[] = [];
      /** The board as a client pieces it together from its stream. */
      const shown = bases.map(() => new Map<string, Ticket>());
      const apply = (board: Map<string, Ticket>, event: ReceivedEvent): void => {
        if (event.event === 'board') board.clear();
        for (const one of ticketsOf(event)) board.set(one.id, one);
        for (const gone of (event.data['gone'] ?? []) as string[]) board.delete(gone);
      };
      const cook = (async () => {
        for (let n = 0; n < 12; n++) {
          const id = await openTicket(`wok-${n}`, station);
          ids.push(id);
          if (n % 2 === 0) await post(id, 'bump');
          if (n % 4 === 0) await post(id, 'hand-over', { to: 'customer' });
        }
      })();
      let cooked = false;
      void cook.then(() => (cooked = true));
      const watching = bases.map(async (base, which) => {
        const board = shown[which] ?? new Map<string, Ticket>();
        for (let times = 0; times < 4; times++) {
          const stream = await following(base, `/v1/kitchen/stream?station=${station}`);
          await stream.event('the board comes', () => true);
          let applied = 0;
          await until('something has changed, and in the end everything', () => {
            for (; applied < stream.events.length; applied++) apply(board, stream.events[applied] as ReceivedEvent);
            const isDone = ([id, { state }]: [string, Ticket]) =>
              state === (ids.indexOf(id as TicketId) % 2 === 0 ? 'ready' : 'queued');
            if (times < 3) return applied > 1 || cooked;
            return cooked && board.size === 9 && [...board].every(isDone);
          });
          stream.close();
        }
      });
      await Promise.all([cook, ...watching]);
      const { body } = await api.request('GET', `/v1/kitchen/tickets?station=${station}`);
      const listed = (body['items'] as readonly Ticket[]).map(({ id, revision }) => [id, revision]).sort();
      for (const board of shown) {
        expect([...board.values()].map(({ id, revision }) => [id, revision]).sort()).to.deep.equal(listed);
      }
    });
  });

  describe('that nobody reads, or nobody may open', () => {
    it('say from time to time that they are there', async () => {
      const quick = await another({ streams: { heartbeatMs: 50 } });
      const stream = await following(quick.base, `/v1/kitchen/stream?station=quiet-${run}`);
      await until('three comments came', () => stream.comments() >= 3);
      expect(stream.events).to.have.length(1);
    });

    it('are as many as there is room for, and leave their place when the client goes', async () => {
      const small = await another({ streams: { most: 2 } });
      const path = `/v1/kitchen/stream?station=${run}`;
      const [first, second] = [await following(small.base, path), await following(small.base, path)];
      expect([first.status, second.status]).to.deep.equal([200, 200]);
      const third = await following(small.base, `/v1/orders/${await place('crowd')}/stream`);
      expect([third.status, third.headers['retry-after']]).to.deep.equal([503, '5']);
      expect(third.body()).to.include({ type: '/problems/too-many-streams', status: 503 });
      expect((await small.request('HEAD', path)).status).to.equal(200);
      second.close();
      await until('its place is free', async () => (await following(small.base, path)).status === 200);
      expect((await following(small.base, path)).status).to.equal(503);
    });

    it('are cut off when a client takes nothing, and only then', async () => {
      const station = `slow-${run}`;
      const ids: TicketId[] = [];
      for (let n = 0; n < 20; n++) ids.push(await openTicket(`slow-${n}`, station, 100));
      await until('all are on the board', async () => {
        const { body } = await api.request('GET', `/v1/kitchen/tickets?station=${station}`);
        return (body['items'] as unknown[]).length === ids.length;
      });
      const path = `/v1/kitchen/stream?station=${station}`;
      const small = await another({ streams: { most: 2, heartbeatMs: 250 } });
      const reader = await following(small.base, path);
      await until('many heartbeats have passed', () => reader.comments() > 8);
      expect([reader.ended(), ticketsOf(reader.events[0] as ReceivedEvent).length]).to.deep.equal([false, ids.length]);

      const { port } = new URL(small.base);
      const slow = connect(Number(port), '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
      await once(slow, 'data');
      slow.pause();
      expect((await following(small.base, path)).status).to.equal(503);
      await until('it has lost its place', async () => (await following(small.base, path)).status === 200);
      expect(reader.ended()).to.equal(false);
      slow.destroy();
    });
  });

  describe('of a server that stops', () => {
    it('end at once, after readiness is gone, and hold nothing up', async () => {
      const stopping = new AbortController();
      const http = await listen({ setting: 'PORT', host: '127.0.0.1', port: await freePort() });
      http.serve(api.another({ stopping: stopping.signal }));
      const id = await place('stopping');
      const order = await following(http.url, `/v1/orders/${id}/stream`);
      const board = await following(http.url, '/v1/kitchen/stream?station=none');
      await order.event('the order comes', () => true);
      await board.event('the board comes', () => true);
      stopping.abort();
      expect((await fetch(`${http.url}/readyz`)).status).to.equal(503);
      const begun = performance.now();
      await http.stop(10_000);
      expect(performance.now() - begun).to.be.lessThan(5_000);
      await until('both have ended', () => order.ended() && board.ended());
    });

    it('show how things stand to who comes then, and end', async () => {
      const stopping = new AbortController();
      stopping.abort();
      const served = await another({ stopping: stopping.signal });
      const late = await following(served.base, `/v1/orders/${await place('late')}/stream`);
      await until('it has ended', () => late.ended());
      expect([late.status, late.retry()]).to.deep.equal([200, 2_000]);
    });
  });
});
