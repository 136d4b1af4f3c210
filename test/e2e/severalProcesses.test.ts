import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { testEventStore } from '../support/eventstore/index.js';
import { freePort } from '../support/freePort.js';
import { services } from '../support/services/index.js';
import { until } from '../support/until.js';
import { type Comanda, type Environment, place, run, startComanda } from './support/comanda.js';
import { Shop } from './support/shop.js';

type Role = 'api' | 'projections' | 'processes' | 'consumers';

interface Health {
  readonly runners: readonly { readonly name: string; readonly owner?: string; readonly lagEvents?: number }[];
}

/** Six of them begin at the same time. */
const START_MS = 240_000;
/** How long a runner may be without an owner: its lease, one heartbeat, and whatever a busy machine adds. */
const TAKEOVER_MS = 30_000;

describe('Comanda in several processes, two of each role, joined by nothing but their services', function () {
  this.timeout(900_000);
  const closing: (() => Promise<unknown>)[] = [];
  const running = new Map<Role, Comanda[]>();
  let shared: Environment;
  let shops: readonly [Shop, Shop];

  const begin = async (role: Role): Promise<Comanda> => {
    const own = await place(shared);
    closing.push(own.dispose);
    const environment = { ...own.environment, PROBE_PORT: own.environment['PORT'] ?? '' };
    const comanda = await startComanda(environment, ['start', '--roles', role], START_MS);
    running.set(role, [...(running.get(role) ?? []), comanda]);
    return comanda;
  };

  before(async () => {
    const { postgres, redis, rabbitmq } = await services();
    const [database, store] = await Promise.all([postgres.createDatabase(), testEventStore()]);
    closing.push(
      () => database.drop(),
      () => store.stop(),
    );
    const apiPort = await freePort();
    const simulator = await place({ STRIPE_SECRET_KEY: 'sk_test_several', STRIPE_WEBHOOK_SECRET: 'whsec_several' });
    closing.push(simulator.dispose);
    const webhookUrl = `http://127.0.0.1:${apiPort}/v1/webhooks/stripe`;
    const stripe = run(['stripe-simulator', '--webhook-url', webhookUrl], simulator.environment);
    closing.push(() => stripe.stop());
    await until('the payment simulator is ready', () => stripe.printed().includes('is ready'), START_MS);
    shared = {
      POSTGRES_URL: database.url,
      REDIS_URL: redis.url,
      RABBITMQ_URL: rabbitmq.createVhost(),
      EVENTSTORE_URL: store.url,
      COMANDA_SECRET: randomUUID(),
      STRIPE_SECRET_KEY: 'sk_test_several',
      STRIPE_WEBHOOK_SECRET: 'whsec_several',
      STRIPE_API_BASE: `http://127.0.0.1:${simulator.environment['STRIPE_SIMULATOR_PORT']}`,
    };
    const [first, second] = await Promise.all([begin('api'), begin('api')]);
    const own = await place({ ...shared, PORT: String(apiPort) });
    closing.push(own.dispose);
    // the one that hears the webhooks serves nobody else
    const hearing = await startComanda(own.environment, ['start', '--roles', 'api'], START_MS);
    running.set('api', [first, second, hearing]);
    const others: readonly Role[] = ['projections', 'processes', 'consumers'];
    await Promise.all(others.flatMap((role) => [begin(role), begin(role)]));
    shops = [new Shop(first.url), new Shop(second.url)];
  });
  after(async () => {
    for (const { child } of [...running.values()].flat()) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
    for (const close of closing.reverse()) await close();
  });

  const sku = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
  const ownerOf = async (runner: string): Promise<string | undefined> =>
    (await shops[0].get<Health>('/v1/admin/health')).runners.find(({ name }) => name.startsWith(runner))?.owner;
  const pidOf = (owner: string | undefined): number => Number(owner?.split('/').at(-1));
  /** The process that runs a runner. */
  const leaderOf = async (role: Role, runner: string): Promise<Comanda> => {
    let leader: Comanda | undefined;
    await until(
      `somebody runs ${runner}`,
      async () => {
        const pid = pidOf(await ownerOf(runner));
        leader = running.get(role)?.find(({ child }) => child.pid === pid);
        return leader !== undefined;
      },
      TAKEOVER_MS,
    );
    if (!leader) throw new Error(`nobody runs ${runner}`);
    return leader;
  };
  const forget = (role: Role, gone: Comanda): void => {
    running.set(role, running.get(role)?.filter((comanda) => comanda !== gone) ?? []);
  };
  const paid = async (item: string, through: Shop, seenBy: Shop): Promise<string> => {
    const { status, body } = await through.order([{ sku: item, quantity: 1 }]);
    expect(status, JSON.stringify(body)).to.equal(201);
    const order = await seenBy.orderOnce(body.id, 'awaiting_payment');
    let linked = order;
    await until(
      'it can be paid',
      async () => {
        linked = await seenBy.orderNow(order.id);
        return linked.payment.link !== undefined;
      },
      30_000,
    );
    await seenBy.press(linked, 'succeed');
    await through.orderOnce(order.id, 'in_fulfilment');
    return order.id;
  };

  it('answers in each process whether it is ready, whatever its role', async () => {
    for (const [role, processes] of running)
      for (const { url } of processes) {
        const answer = await fetch(`${url}/readyz`);
        const { status, checks } = (await answer.json()) as { status: string; checks: readonly { name: string }[] };
        expect([role, answer.status, status]).to.deep.equal([role, 200, 'ready']);
        expect(checks.map(({ name }) => name)).to.deep.equal(['event store', 'postgres', 'broker', 'redis']);
        expect((await fetch(`${url}/v1/orders`)).status).to.equal(role === 'api' ? 200 : 404);
      }
  });

  it('takes orders through either API, and either shows what the other was told', async () => {
    const pizza = sku('pizza');
    await shops[0].sell(pizza, 20);
    await paid(pizza, shops[1], shops[0]);
    await paid(pizza, shops[0], shops[1]);
    await shops[1].stockOnce(pizza, { reserved: 2, available: 18 });
  });

  it('answers a repeated request as the first time, whichever API it reaches', async () => {
    const soup = sku('soup');
    await shops[0].sell(soup, 5);
    const key = randomUUID();
    const first = await shops[0].order([{ sku: soup, quantity: 1 }], { key });
    const repeated = await shops[1].order([{ sku: soup, quantity: 1 }], { key });
    expect([repeated.status, repeated.body.id]).to.deep.equal([201, first.body.id]);
    expect(repeated.headers.get('idempotent-replayed')).to.equal('true');
    expect((await shops[1].order([{ sku: soup, quantity: 2 }], { key })).status).to.equal(422);
  });

  it('sells at the new price through one API soon after it was set through the other', async () => {
    const cake = sku('cake');
    await shops[0].sell(cake, 99, 500);
    await shops[1].order([{ sku: cake, quantity: 1 }]);
    const { headers, body } = await shops[0].ask<Record<string, unknown>>('GET', `/v1/offers/${cake}`);
    const { name, trackStock, station, prepSeconds } = body;
    const changed = { name, trackStock, station, prepSeconds, price: { amount: 700, currency: 'EUR' } };
    const put = await shops[0].ask('PUT', `/v1/offers/${cake}`, {
      body: changed,
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    expect(put.status).to.equal(200);
    await until('the other API knows the price', async () => {
      const placed = await shops[1].order([{ sku: cake, quantity: 1 }], { wait: 0 });
      return (placed.body as unknown as { total: { amount: number } }).total.amount === 700;
    });
  });

  for (const [role, runner] of [
    ['projections', 'order_view'],
    ['projections', 'publisher'],
    ['processes', 'placing'],
  ] as const) {
    it(`goes on when the process that runs ${runner} is killed`, async () => {
      const tea = sku('tea');
      await shops[0].sell(tea, 5);
      const leader = await leaderOf(role, runner);
      await leader.kill();
      forget(role, leader);
      const follower = await leaderOf(role, runner);
      expect(follower.child.pid).not.to.equal(leader.child.pid);
      await paid(tea, shops[0], shops[1]);
      await begin(role);
    });
  }

  it('goes on when a process of consumers is killed', async () => {
    const [gone] = running.get('consumers') ?? [];
    if (!gone) throw new Error('no consumers');
    await gone.kill();
    forget('consumers', gone);
    const rice = sku('rice');
    await shops[0].sell(rice, 5);
    await paid(rice, shops[1], shops[0]);
  });

  it('lets a process that was frozen do nothing any more once another one has taken over', async () => {
    const bread = sku('bread');
    await shops[0].sell(bread, 9);
    const frozen = await leaderOf('processes', 'placing');
    frozen.child.kill('SIGSTOP');
    const { body } = await shops[0].order([{ sku: bread, quantity: 1 }], { wait: 0 });
    await until(
      'another one runs it',
      async () => {
        const owner = await ownerOf('placing');
        return owner !== undefined && pidOf(owner) !== frozen.child.pid;
      },
      TAKEOVER_MS,
    );
    await shops[1].orderOnce(body.id, 'awaiting_payment');
    frozen.child.kill('SIGCONT');
    await paid(bread, shops[1], shops[0]);
    await shops[0].stockOnce(bread, { reserved: 2, available: 7 });
  });

  it('holds to its log in everything, as comanda verify sees it while all of them run', async () => {
    const own = await place(shared);
    closing.push(own.dispose);
    const verifying = run(['verify'], own.environment);
    const code = await verifying.exit;
    expect(code, `${verifying.printed()}${verifying.complained()}`).to.equal(0);
    expect(verifying.printed()).to.contain('Everything is as the log says.');
  });

  it('stops each process in order', async () => {
    const stopped = await Promise.all([...running.values()].flat().map((comanda) => comanda.stop()));
    expect(new Set(stopped)).to.deep.equal(new Set([0]));
    running.clear();
  });
});
