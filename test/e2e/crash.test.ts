import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Comanda, type Environment, place, run, startComanda } from './support/comanda.js';
import { allTickets, cook, type Customer, type Fate, numbers, placeOrder, visit } from './support/crowd.js';
import { type Line, type Order, Shop, type Stock, type TimelineItem } from './support/shop.js';

const SEED = process.env['CRASH_SEED'] ?? 'comanda';
const KILLS = 6;
/** A new customer comes in so often, in milliseconds. */
const EVERY_MS = 250;
/** Generous, for a machine that does much else. */
const QUIET_WITHIN_MS = 300_000;
/** Price of everything, in cents. */
const PRICE = 950;
const SHELF: Readonly<Record<string, number>> = { plenty: 500, scarce: 12, pair: 90 };

interface Ledger {
  readonly charges: readonly {
    readonly status: string;
    readonly amount: number;
    readonly metadata: { readonly orderId: string };
  }[];
  readonly pendingWebhooks: number;
}

/** What is left of a customer's order when all is quiet. */
interface Outcome extends Customer {
  readonly now: Order;
  readonly events: readonly string[];
}

const count = (events: readonly string[], type: string): number => events.filter((event) => event === type).length;
const unitsOf = (lines: readonly Line[], sku: string): number =>
  lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
const ONCE = [
  'OrderPlaced',
  'StockSecured',
  'OrderAccepted',
  'PaymentLinkAttached',
  'PaymentApplied',
  'OrderConfirmed',
];
const ONCE_LATER = ['OrderRejected', 'OrderCancelled', 'FulfilmentStarted', 'LinesFulfilled', 'OrderFulfilled'];

describe(`Comanda killed ${KILLS} times in the middle of its work (seed ${SEED})`, function () {
  this.timeout(900_000);
  const random = numbers(SEED);
  const pick = <T>(...from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0];
  let environment: Environment;
  let comanda: Comanda;
  let shop: Shop;
  let dispose: () => Promise<void>;
  let outcomes: readonly Outcome[] = [];
  let ledger: Ledger;

  const order = (): { fate: Fate; lines: readonly Line[] } => ({
    fate: pick<Fate>('pay', 'pay', 'pay', 'cancel', 'leave', 'pay and cancel at once'),
    lines: pick<readonly Line[]>(
      [{ sku: 'plenty', quantity: 1 }],
      [{ sku: 'plenty', quantity: 2 }],
      [{ sku: 'scarce', quantity: 1 }],
      [
        { sku: 'pair', quantity: 1 },
        { sku: 'plenty', quantity: 1 },
      ],
      [
        { sku: 'pair', quantity: 2 },
        { sku: 'scarce', quantity: 1 },
      ],
    ),
  });

  /** Kills and starts, now and then in the middle of a start, until it has done so often enough or `given` up. */
  async function crash(given: () => boolean): Promise<void> {
    for (let kills = 1; kills <= KILLS && !given(); kills += 1) {
      await sleep(1_000 + random() * 3_000);
      await comanda.kill();
      if (kills % 3 === 0) {
        const starting = run(['start'], environment);
        await sleep(200 + random() * 1_500);
        await starting.kill();
      }
      comanda = await startComanda(environment);
    }
  }

  const currentLedger = async (): Promise<Ledger> => {
    const answer = await fetch(`http://127.0.0.1:${environment['STRIPE_SIMULATOR_PORT']}/simulator/ledger`);
    return (await answer.json()) as Ledger;
  };

  async function outcomeOf(customer: Customer): Promise<Outcome> {
    const timeline: readonly TimelineItem[] = await shop.timeline(customer.order.id);
    return {
      ...customer,
      now: await shop.orderNow(customer.order.id),
      events: timeline.map(({ type }) => type),
    };
  }

  /** Whether nothing more is going to happen to an order by itself. */
  const isAtRest = ({ now, events, paying }: Outcome): boolean => {
    if (now.revision !== events.length - 1) return false;
    if (paying === 200 || paying === 409) {
      return now.status === 'fulfilled' || (now.status === 'cancelled' && events.includes('RefundDue'));
    }
    return now.status === 'awaiting_payment' ? now.payment.link !== undefined : now.status !== 'placed';
  };

  before(async () => {
    const own = await place();
    ({ environment, dispose } = own);
    shop = new Shop(own.url);
    comanda = await startComanda(environment);
    for (const [sku, onHand] of Object.entries(SHELF)) await shop.sell(sku, onHand, PRICE);

    const closing = new AbortController();
    // the first failure ends everything
    const failures: unknown[] = [];
    const watched = <T>(work: Promise<T>): Promise<T | undefined> =>
      work.catch((error: unknown) => void failures.push(error));
    const kitchen = watched(cook(shop, closing.signal));
    const visits: Promise<Customer | undefined>[] = [];
    let crashing = true;
    const crashes = watched(crash(() => failures.length > 0)).finally(() => (crashing = false));
    while (crashing) {
      const { fate, lines } = order();
      visits.push(watched(visit(shop, `customer-${visits.length}`, fate, lines)));
      await sleep(EVERY_MS);
    }
    await crashes;
    const customers = (await Promise.all(visits)).filter((customer) => customer !== undefined);
    if (failures.length > 0) closing.abort();
    for (const failure of failures) throw failure;
    let restless: readonly Outcome[] = [];
    let waiting: readonly Customer[] = customers;
    await until(
      'everything is quiet',
      async () => {
        restless = (await Promise.all(waiting.map(outcomeOf))).filter((outcome) => !isAtRest(outcome));
        waiting = restless;
        ledger = await currentLedger();
        return ledger.pendingWebhooks === 0 && restless.length === 0;
      },
      QUIET_WITHIN_MS,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${ledger.pendingWebhooks} webhooks wait, and ${JSON.stringify(restless)}`);
    });
    outcomes = await Promise.all(customers.map(outcomeOf));
    closing.abort();
    await kitchen;
    for (const failure of failures) throw failure;
  });
  after(async () => {
    await comanda.stop();
    await dispose();
  });

  it('has every acknowledged order in the state that fits what was done to it', () => {
    expect(outcomes.length).to.be.greaterThan(KILLS * 10);
    for (const { fate, now, events, paying, cancelling } of outcomes) {
      const story = `${fate}: ${events.join(', ')}`;
      if (now.status === 'rejected') expect(paying, story).to.equal(undefined);
      else if (fate === 'leave') expect(now.status, story).to.equal('awaiting_payment');
      else if (fate === 'cancel') expect([now.status, cancelling], story).to.deep.equal(['cancelled', 200]);
      else if (fate === 'pay') expect(now.status, story).to.equal('fulfilled');
      // a confirmed order is the kitchen's to give up: either it stopped, or it was further and the customer was told
      else if (cancelling === 202) {
        expect(now.status, story).to.equal(events.includes('CancellationDeclined') ? 'fulfilled' : 'cancelled');
      } else expect(now.status, story).to.equal(cancelling === 200 ? 'cancelled' : 'fulfilled');
    }
  });

  it('shows no order that nobody placed, and none twice', async () => {
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: readonly Order[]; next: string | null } = await shop.get(
        `/v1/orders?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(listed.sort()).to.deep.equal(outcomes.map(({ now }) => now.id).sort());
  });

  it('did nothing to an order twice', () => {
    for (const { events } of outcomes) {
      for (const type of [...ONCE, ...ONCE_LATER]) expect(count(events, type), events.join(', ')).to.be.below(2);
    }
  });

  it('answers every repeated request with the same order', async () => {
    for (const { key, lines, now } of outcomes) {
      const { status, body, headers } = await placeOrder(shop, key, lines);
      expect([status, body.id, headers.get('idempotent-replayed')]).to.deep.equal([201, now.id, 'true']);
    }
  });

  it('sold nothing twice: what is reserved and on hand fits the orders', async () => {
    for (const [sku, onHand] of Object.entries(SHELF)) {
      const units = (status: string): number =>
        outcomes.filter(({ now }) => now.status === status).reduce((sum, { lines }) => sum + unitsOf(lines, sku), 0);
      const sold = units('fulfilled');
      const reserved = units('awaiting_payment');
      expect(sold + reserved).to.be.at.most(onHand);
      const stock: Stock = await shop.stock(sku);
      expect(stock, sku).to.include({ onHand: onHand - sold, reserved, available: onHand - sold - reserved });
    }
    expect(outcomes.some(({ now }) => now.status === 'rejected')).to.equal(true);
  });

  it('charged each paid order once, and nobody else', () => {
    const charged = ledger.charges
      .filter(({ status }) => status === 'succeeded')
      .map(({ amount, metadata }) => `${metadata.orderId} ${amount}`);
    const paid = outcomes
      .filter(({ events }) => events.includes('PaymentApplied'))
      .map(({ now, lines }) => `${now.id} ${PRICE * lines.reduce((sum, { quantity }) => sum + quantity, 0)}`);
    expect(charged.sort()).to.deep.equal(paid.sort());
    for (const { now, events } of outcomes) {
      const due = now.status === 'cancelled' && events.includes('PaymentApplied');
      expect(events.includes('RefundDue'), events.join(', ')).to.equal(due);
    }
  });

  it('shows in its read models what the streams fold to', async () => {
    for (const { now } of outcomes) {
      expect(now).to.deep.equal(await shop.get<Order>(`/v1/orders/${now.id}?revision=${now.revision}`));
    }
  });

  it('had the kitchen make each order once that was not cancelled in time', async () => {
    // what was cancelled before its ticket was opened is on no board
    const tickets = (await allTickets(shop)).filter(({ state }) => state !== 'cancelled');
    const cooked = outcomes.filter(({ now }) => now.status === 'fulfilled').map(({ now }) => now.id);
    expect(tickets.map(({ orderId }) => orderId).sort()).to.deep.equal(cooked.sort());
    expect(new Set(tickets.map(({ state }) => state))).to.deep.equal(new Set(['handed_over']));
    for (const { now, events } of outcomes) {
      expect(now.status === 'fulfilled', events.join(', ')).to.equal(events.includes('LinesFulfilled'));
    }
  });
});
