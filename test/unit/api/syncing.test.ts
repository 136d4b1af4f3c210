import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import type { ApiDependencies } from '../../../src/api/createApi.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { anOrder, aPayment, idOf } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { openPaymentIn } from '../../support/openPayment.js';

describe('asking the provider about a payment over HTTP', () => {
  let api: TestApi;
  afterEach(() => api.close());

  async function start(change: Partial<ApiDependencies>): Promise<void> {
    api = await startTestApi(() => change);
    await openPaymentIn(api);
  }
  const sync = (headers: Readonly<Record<string, string>> = {}, id: string = aPayment) =>
    api.request('POST', `/v1/payments/${id}/sync`, { headers });
  const comeBack = (id: string = aPayment) => api.request('GET', `/v1/payments/${id}/return`);

  it('answers with what the provider said where it is waited for', async () => {
    await start({});
    const answer = await sync({ prefer: 'wait=5' });
    expect([answer.status, answer.body['status']]).to.deep.equal([200, 'opened']);
    expect(answer.headers.get('etag')).to.equal('"r0"');
    expect(answer.headers.get('preference-applied')).to.equal('wait=5');
  });

  it('answers at once with what is known where nobody waits, and asks all the same', async () => {
    let asked = 0;
    const syncPayment = () => {
      asked += 1;
      return Promise.resolve(null);
    };
    await start({ syncPayment });
    const answer = await sync();
    expect([answer.status, answer.body['status'], asked]).to.deep.equal([202, 'opened', 1]);
    expect(answer.headers.get('location')).to.equal(`/v1/payments/${aPayment}`);
    expect(answer.headers.get('preference-applied')).to.equal(null);
  });

  it('answers with what is known while the provider has not answered, and hears of it all the same', async () => {
    const provider = new EventEmitter();
    let heard = false;
    const asking = once(provider, 'answer').then(() => {
      heard = true;
      return null;
    });
    await start({ syncPayment: () => asking });
    const answer = await sync({ prefer: 'wait=0' });
    expect([answer.status, answer.body['status']]).to.deep.equal([202, 'opened']);
    expect(answer.headers.get('location')).to.equal(`/v1/payments/${aPayment}`);
    expect(answer.headers.get('retry-after')).to.equal('2');
    expect(answer.headers.get('preference-applied')).to.equal('wait=0');
    provider.emit('answer');
    await asking;
    expect(heard).to.equal(true);
  });

  it('takes a provider that is away for one that has not answered', async () => {
    await start({ syncPayment: () => Promise.reject(new StoreUnavailable('gone')) });
    expect((await sync({ prefer: 'wait=5' })).status).to.equal(202);
    expect(api.log.lines.map(({ level }) => level)).to.deep.equal(['warn']);
  });

  it('calls a fault of its own by its name', async () => {
    await start({ syncPayment: () => Promise.reject(new Error('a slip of the pen')) });
    const answer = await sync({ prefer: 'wait=5' });
    expect([answer.status, answer.body['type']]).to.deep.equal([500, '/problems/internal']);
    // who does not wait is told nothing of it
    expect((await sync()).status).to.equal(202);
    expect(api.log.lines.filter(({ level }) => level === 'warn')).to.have.length(2);
  });

  it('says after how long to ask again where it was asked just now', async () => {
    let asked = 0;
    await start({
      syncLimit: { take: () => Promise.resolve(1_400) },
      syncPayment: () => {
        asked += 1;
        return Promise.resolve(null);
      },
    });
    const answer = await sync();
    expect([answer.status, answer.body['type'], answer.body['retryAfter']]).to.deep.equal([
      429,
      '/problems/rate-limited',
      2,
    ]);
    expect(answer.headers.get('retry-after')).to.equal('2');
    expect(asked).to.equal(0);
  });

  it('counts nothing for a payment that is not there', async () => {
    let taken = 0;
    const take = () => {
      taken += 1;
      return Promise.resolve(0);
    };
    await start({ syncLimit: { take } });
    expect((await sync({}, idOf('payment', 77))).status).to.equal(404);
    expect((await comeBack(idOf('payment', 77))).status).to.equal(404);
    expect(taken).to.equal(0);
  });

  describe('when a browser comes back from the payment page', () => {
    const leadsOn = async (): Promise<void> => {
      const answer = await comeBack();
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, `/v1/orders/${anOrder}`]);
      expect(answer.headers.get('cache-control')).to.equal('private, no-store');
    };

    it('asks before it leads on to the order', async () => {
      const asked: unknown[] = [];
      await start({
        syncPayment: (...what) => {
          asked.push(what);
          return Promise.resolve(null);
        },
      });
      await leadsOn();
      expect(asked).to.deep.equal([[aPayment, 'return']]);
    });

    it('leads on without asking where somebody has just asked', async () => {
      let asked = 0;
      await start({
        syncLimit: { take: () => Promise.resolve(1_400) },
        syncPayment: () => {
          asked += 1;
          return Promise.resolve(null);
        },
      });
      await leadsOn();
      expect(asked).to.equal(0);
    });

    it('leads on where the provider is away', async () => {
      await start({ syncPayment: () => Promise.reject(new StoreUnavailable('gone')) });
      await leadsOn();
      expect(api.log.lines.map(({ level }) => level)).to.deep.equal(['warn']);
    });
  });
});
