import { expect } from 'chai';
import { checkIdOf, derivedCommandId } from '../../../src/commands/identity.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { placeAt, startWithMenu, wish } from './menu.js';

describe('POST /v1/orders with Prefer: wait', () => {
  let api: TestApi;
  const place = (body: unknown, key: string, headers?: Record<string, string>) => placeAt(api, body, key, headers);
  const open = async (change?: Parameters<typeof startWithMenu>[0]): Promise<void> => {
    api = await startWithMenu(change);
  };
  beforeEach(() => open());
  afterEach(() => api.close());

  const now = () => new Date().toISOString();
  const acceptance = () => ({ paymentId: `pay_${'0'.repeat(26)}` as PaymentId, paymentDueAt: now() });
  const act = async (id: OrderId, step: string, command: OrderCommand) => {
    const commandId = derivedCommandId('test', id, step, orderStream(id));
    const actor = { kind: 'system', id: 'system/test' } as const;
    const context = { commandId, correlationId: commandId, causationId: null, actor, tenant: 'main', at: now() };
    await api.executor.execute(order, orderStream(id), command, context);
  };
  /** What processes do: stock secured, then a link. */
  const advance = async (id: OrderId, link: boolean) => {
    const { state } = await api.executor.load(order, orderStream(id));
    if (state.status === 'none') throw new Error('not placed');
    const { paymentId } = acceptance();
    const command = link
      ? ({ type: 'AttachPaymentLink', paymentId, url: 'https://pay.test/1', expiresAt: now() } as const)
      : ({
          type: 'RecordStockSecured',
          acceptance: acceptance(),
          reservations: state.lines.map(({ lineId }) => ({
            lineId,
            reservationId: `res_${'0'.repeat(26)}` as never,
          })),
        } as const);
    await act(id, link ? 'link' : 'stock', command);
  };

  it('answers as soon as the payment link is attached, and not when the stock is secured', async () => {
    const waiting = place(wish(), 'k1', { prefer: 'wait=30' });
    await until('the order is placed', () => api.store.names('order').length === 1);
    const id = api.store.names('order')[0]?.slice('order-'.length) as OrderId;
    await advance(id, false);
    await advance(id, true);
    const { status, headers, body: placed } = await waiting;
    expect(status).to.equal(201);
    expect(placed.status).to.equal('awaiting_payment');
    expect(placed.payment).to.deep.include({ status: 'pending', link: 'https://pay.test/1' });
    expect(headers.get('preference-applied')).to.equal('wait=30');
    expect(headers.get('etag')).to.equal('"r3"');
    expect(headers.get('retry-after')).to.equal(null);
  });

  it('misses no answer that is there before the append is answered', async () => {
    await api.close();
    await open(({ executor, wakeUp }) => ({
      // nobody looks again by itself: a call that is missed is an answer that never comes
      wakeUp: { ...wakeUp, wait: (topic, _ms, signal) => wakeUp.wait(topic, 2 ** 31 - 1, signal) },
      executor: {
        ...executor,
        execute: async (aggregate, stream, command, context) => {
          const outcome = await executor.execute(aggregate, stream, command, context);
          if ((command as { type: string }).type === 'PlaceOrder') {
            const id = stream.slice('order-'.length) as OrderId;
            await advance(id, false);
            await advance(id, true);
          }
          return outcome;
        },
      },
    }));
    const { body: placed } = await place(wish(), 'k1', { prefer: 'wait=30' });
    expect(placed.status).to.equal('awaiting_payment');
  });

  it('looks again by itself: a call that got lost costs a second, not the answer', async () => {
    await api.close();
    await open(({ wakeUp }) => ({
      wakeUp: {
        ...wakeUp,
        wait: (_topic, ms, signal) =>
          new Promise((resolve) => {
            setTimeout(() => resolve(false), ms);
            signal?.addEventListener('abort', () => resolve(false));
          }),
      },
    }));
    const waiting = place(wish(), 'k1', { prefer: 'wait=30' });
    await until('the order is placed', () => api.store.names('order').length === 1);
    const id = api.store.names('order')[0]?.slice('order-'.length) as OrderId;
    await advance(id, false);
    await advance(id, true);
    expect((await waiting).body.status).to.equal('awaiting_payment');
  });

  it('answers an order that is checked when somebody has to look at it, and not before', async () => {
    const { body: location } = await api.request('GET', '/v1/locations/main');
    const { locationId: _, revision, ...said } = location;
    const screening = { timeoutSeconds: 30, onSilence: 'hold' };
    const { status } = await api.request('PUT', '/v1/locations/main', {
      body: { ...said, screening, reason: 'strangers' },
      headers: { 'if-match': `"r${String(revision)}"` },
    });
    expect(status).to.equal(200);
    const waiting = place(wish(), 'k1', { prefer: 'wait=30' });
    await until('the order is placed', () => api.store.names('order').length === 1);
    const id = api.store.names('order')[0]?.slice('order-'.length) as OrderId;
    await advance(id, false);
    const verdict = {
      checkId: checkIdOf(id),
      verdict: 'review',
      rules: [],
      engine: 'test',
      engineVersion: '1',
    } as const;
    await act(id, 'check', { type: 'RecordCheckResult', ...verdict, decideBy: now(), acceptance: acceptance() });
    const { headers, body: placed } = await waiting;
    expect(placed.status).to.equal('on_hold');
    expect(headers.get('retry-after')).to.equal(null);
  });

  it('answers at once when nothing needs to be waited for', async () => {
    const { body: placed } = await place(wish({ lines: [{ sku: 'gift', quantity: 1 }] }), 'k1', {
      prefer: 'wait=30',
    });
    expect(placed.status).to.equal('confirmed');
  });

  it('answers everybody who waits when the server is about to stop', async () => {
    const waiting = place(wish(), 'k1', { prefer: 'wait=30' });
    await until('the order is placed', () => api.store.names('order').length === 1);
    api.stopping.abort();
    const { status, body: placed } = await waiting;
    expect([status, placed.status]).to.deep.equal([201, 'placed']);
  });

  it('says placed when the time is over, also if the store falls silent in the meantime', async () => {
    const waiting = place(wish(), 'k1', { prefer: 'wait=1' });
    await until('the order is placed', () => api.store.names('order').length === 1);
    api.store.breakWith(new StoreUnavailable('silent'));
    const { status, headers, body: placed } = await waiting;
    expect([status, placed.status]).to.deep.equal([201, 'placed']);
    expect(headers.get('retry-after')).to.equal('1');
  });

  it('cuts a longer wait to 30 seconds and ignores what is no wait', async () => {
    const long = await place(wish({ lines: [{ sku: 'gift', quantity: 1 }] }), 'k1', { prefer: 'wait=999' });
    expect(long.headers.get('preference-applied')).to.equal('wait=30');
    for (const [index, prefer] of ['wait=abc', 'wait=-1', 'wait', 'handling=lenient'].entries()) {
      const { status, headers } = await place(wish(), `ignored-${index}`, { prefer });
      expect([status, headers.get('preference-applied')], prefer).to.deep.equal([201, null]);
    }
  });

  it('sends no body with return=minimal', async () => {
    const { status, headers, text } = await place(wish(), 'k1', { prefer: 'return=minimal' });
    expect([status, text, headers.get('preference-applied')]).to.deep.equal([201, '', 'return=minimal']);
    expect(headers.get('location')).to.match(/^\/v1\/orders\/ord_/);
  });
});
