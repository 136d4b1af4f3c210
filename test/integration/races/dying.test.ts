import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import type { EndsAt } from '../../support/world/fuse.js';
import { enterRace, type RaceHouse } from './house.js';

const TIME_TO_PAY_MINUTES = 30;
const A_DAY_MINUTES = 24 * 60;

/** What the provider has taken and given back, in cents, and how many pages are still open. */
interface Taken {
  readonly charged: number;
  readonly refunded: number;
  readonly open: number;
}

/** What is left of one order when it is over, without what differs from one order to the next. */
interface Account {
  readonly status: string;
  readonly captured: number;
  readonly refunds: unknown;
  /** The types of its events, and those of its payment, ticket and stock items, each as often as it was told. */
  readonly timeline: readonly string[];
  readonly told: readonly string[];
  readonly shelves: readonly unknown[];
  readonly tasks: number;
}

/** What happens from outside to an order of these articles, over HTTP, Comanda working in between. */
type Story = (race: RaceHouse, key: string, skus: readonly string[]) => Promise<string>;

const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);

async function paid(race: RaceHouse, key: string, skus: readonly string[]): Promise<string> {
  const id = await race.place(key, skus);
  expect(await race.pay(await race.link(id))).to.equal('paid');
  // the cooks have its ticket, and the order knows
  await race.reaches(id, 'in_fulfilment');
  return id;
}

async function told(race: RaceHouse, path: string, body?: unknown): Promise<void> {
  const headers = { 'idempotency-key': 'dying' };
  const { status, text } = await race.request('POST', path, body === undefined ? {} : { body, headers });
  expect(status, text).to.be.oneOf([200, 202]);
}

/** Paid, one of two things called off and its price given back, the other one cooked and handed over. */
const cooked: Story = async (race, key, skus) => {
  const id = await paid(race, key, skus);
  const ticket = `/v1/kitchen/tickets/${ticketOf(id)}`;
  const { items } = (await race.request('GET', ticket)).body as { items: readonly { itemId: string; sku: string }[] };
  await told(race, `${ticket}/items/${items.find(({ sku }) => sku === skus[0])?.itemId}/start`);
  const line = (await race.order(id)).lines.find(({ sku }) => sku === skus[1]);
  await told(race, `/v1/orders/${id}/cancellations`, { reason: 'no', lines: [{ lineId: line?.lineId, qty: 1 }] });
  await until('its price went back', async () => (await race.order(id)).refunds.refunded.amount === 1_000);
  await told(race, `${ticket}/bump`);
  await told(race, `${ticket}/hand-over`, { to: 'customer' });
  await race.reaches(id, 'fulfilled');
  return id;
};

/** The same, and a day later nobody has complained. */
const served: Story = async (race, key, skus) => {
  const id = await cooked(race, key, skus);
  race.forward(A_DAY_MINUTES + 1);
  await race.reaches(id, 'completed');
  return id;
};

/** Paid and called off before anybody cooks: all of it goes back. */
const calledOff: Story = async (race, key, skus) => {
  const id = await paid(race, key, skus);
  await told(race, `/v1/orders/${id}/cancellations`, { reason: 'no' });
  await race.reaches(id, 'cancelled');
  await until('all of it went back', async () => (await race.order(id)).refunds.refunded.amount === 2_000);
  return id;
};

/** Nobody pays. */
const expired: Story = async (race, key, skus) => {
  const id = await race.place(key, skus);
  await race.link(id);
  race.forward(TIME_TO_PAY_MINUTES + 1);
  await race.reaches(id, 'expired');
  return id;
};

/** Houses in which orders die side by side, one after the other in each. */
const LANES = 4;
/** How often the programs of one order die, far from each other on its way. */
const DEATHS_AN_ORDER = 3;
/** So many steps one program after the other lives: who always died after as few would never come to an end. */
const STEPS_OF_LIVES = [11, 13, 17, 19, 23, 29, 31, 37];
/**
 * Before these nothing was done since the point before: that one is as good. All others count, before and after: each kind of append,
 * by whom and of which events, each call of the provider, each timer set or cancelled, each message published.
 */
const SAME_AS_EARLIER = /^before (checkpoint|acknowledge|timer fired|webhook worked) /;

async function taken(race: RaceHouse): Promise<Taken> {
  const { currencies, sessions } = await race.ledger();
  const { charged = 0, refunded = 0 } = currencies['eur'] ?? {};
  return { charged, refunded, open: sessions.open };
}

/** Two articles of its own for one order. */
async function shelved(race: RaceHouse, key: string): Promise<readonly string[]> {
  const skus = [`soup-${key}`, `cake-${key}`];
  for (const sku of skus) await race.article(sku, 3);
  return skus;
}

async function accountOf(race: RaceHouse, id: string, skus: readonly string[]): Promise<Account> {
  const { status, payment, refunds } = await race.order(id);
  const timeline = (await race.request('GET', `/v1/orders/${id}/timeline`)).body['items'] as readonly {
    readonly revision: number;
    readonly type: string;
  }[];
  expect(timeline.map(({ revision }) => revision)).to.deep.equal(timeline.map((_, index) => index));
  const streams = [
    `payment-${paymentIdOf(id as OrderId, 1)}`,
    `ticket-${ticketOf(id)}`,
    ...skus.map((sku) => `stock-${sku}_main`),
  ];
  return {
    status,
    captured: payment.captured.amount,
    refunds,
    timeline: timeline.map(({ type }) => type).toSorted(),
    told: streams.flatMap((stream) => race.types(stream).toSorted()),
    shelves: await Promise.all(skus.map((sku) => race.shelf(sku))),
    tasks: ((await race.request('GET', `/v1/tasks?orderId=${id}&state=open`)).body['items'] as unknown[]).length,
  };
}

/** One order from its placing to its end; meanwhile programs die at these points. */
async function tell(race: RaceHouse, story: Story, key: string, endsAt?: EndsAt): Promise<Account & Taken> {
  const skus = await shelved(race, key);
  await race.rest();
  const before = await taken(race);
  race.endPrograms(endsAt);
  const id = await story(race, key, skus);
  await race.rest();
  race.endPrograms();
  const { charged, refunded, open } = await taken(race);
  const its = { charged: charged - before.charged, refunded: refunded - before.refunded, open };
  return { ...(await accountOf(race, id, skus)), ...its };
}

describe('a program that dies', function () {
  this.timeout(300_000);
  const houses: RaceHouse[] = [];
  const enter = async (): Promise<RaceHouse> => {
    const race = await enterRace({ simulateKitchen: false });
    houses.push(race);
    return race;
  };
  afterEach(() => Promise.all(houses.splice(0).map((race) => race.leave())));

  /** Points at which an order was cut already, by whichever story. */
  const cut = new Set<string>();
  /** One order for each few points of its way, its programs dying there; each ends as the one that nothing disturbs. */
  async function cutEverywhere(story: Story): Promise<void> {
    const passed = new Set<string>();
    const expected = await tell(await enter(), story, 'undisturbed', (point) => !passed.add(point));
    const points = [...passed].filter((point) => !SAME_AS_EARLIER.test(point) && !cut.has(point));
    const stride = Math.ceil(points.length / DEATHS_AN_ORDER);
    const open = Array.from({ length: stride }, (_, first) => ({
      points: points.filter((__, index) => index % stride === first),
      tries: 0,
    }));
    await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        const race = await enter();
        for (let next = open.shift(); next; next = open.shift()) {
          const { points: here, tries } = next;
          const endsAt: EndsAt = (point) => here.includes(point) && !cut.has(point) && cut.add(point).size > 0;
          const account = await tell(race, story, `${lane}-${open.length}-${tries}`, endsAt);
          expect(account, here.join(', ')).to.deep.equal(expected);
          // what happens at once does not happen in the same way each time
          const left = here.filter((point) => !cut.has(point));
          if (left.length === 0) continue;
          expect(tries, `so often nobody came to: ${left.join(', ')}`).to.be.below(5);
          open.push({ points: left, tries: tries + 1 });
        }
      }),
    );
    const deaths = houses.reduce((sum, race) => sum + race.deaths(), 0);
    expect(deaths, 'once at each of them').to.equal(points.length);
  }

  it('between any two steps of an order that is paid, changed, cooked and completed: the next one brings it to the same end', () =>
    cutEverywhere(served));

  it('between any two steps of an order that is paid and called off: the next one brings it to the same end', () =>
    cutEverywhere(calledOff));

  it('between any two steps of an order that nobody pays: the next one brings it to the same end', () =>
    cutEverywhere(expired));

  /** Several orders side by side, each cooked or called off; all end as where nothing dies. */
  async function together(race: RaceHouse, meanwhile: () => Promise<unknown>): Promise<void> {
    const stories = { cooked, calledOff };
    const quiet = await enter();
    const expected = new Map<Story, Account & Taken>();
    for (const [name, story] of Object.entries(stories)) expected.set(story, await tell(quiet, story, name));
    const orders = [cooked, calledOff, cooked, calledOff, cooked, calledOff];
    const shelves = await Promise.all(orders.map((_, index) => shelved(race, `${index}`)));
    const [ids] = await Promise.all([
      Promise.all(orders.map((story, index) => story(race, `order-${index}`, shelves[index] ?? []))),
      meanwhile(),
    ]);
    await race.rest();
    for (const [index, story] of orders.entries()) {
      const { charged: _, refunded: __, open: ___, ...alone } = expected.get(story) ?? expect.fail();
      expect(await accountOf(race, ids[index] ?? '', shelves[index] ?? [])).to.deep.equal(alone);
    }
    expect(await taken(race)).to.deep.equal({ charged: 12_000, refunded: 9_000, open: 0 });
  }

  it('again and again, while many orders are under way: all of them end as ever', async () => {
    const race = await enter();
    let last = 0;
    const endsAt: EndsAt = (_, passed) => passed === (STEPS_OF_LIVES[last % STEPS_OF_LIVES.length] ?? 0) && ++last > 0;
    await together(race, () => Promise.resolve(race.endPrograms(endsAt)));
    expect(race.deaths()).to.be.above(STEPS_OF_LIVES.length);
  });

  it('for others only, and goes on while another one has taken over, again and again: all of them end as ever', async () => {
    const race = await enter();
    await together(race, async () => {
      for (let others = 0; others < 12; others++) {
        await sleep(40);
        race.takeOver();
      }
    });
    expect(race.deaths()).to.equal(0);
  });
});
