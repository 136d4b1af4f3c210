import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const sessionOf = (id: OrderId): string => `cs_${paymentIdOf(id, 1)}_1`;
const PAST_DUE = '2024-05-04T12:40:00.000Z';

/** One story of an order: what happens from outside, Comanda working in between. */
type Story = (world: World, shop: ReturnType<typeof shopOn>) => Promise<OrderId>;

const HOLDS = { timeoutSeconds: 30, onSilence: 'hold', reviewAbove: 10, rejectAbove: 100 } as const;

/** The engine passes it. */
const checked: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('checked', [['apple', 2]], { screening: HOLDS });
  await world.settle();
  await world.until('2024-05-04T12:05:00.000Z');
  await world.pay(sessionOf(id));
  return id;
};

/** The engine finds it dear; somebody lets it go on. */
const lookedAt: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('looked at', [['apple', 3]], { screening: HOLDS });
  await world.settle();
  await shop.decide(id, 'accept');
  await world.settle();
  return id;
};

/** The engine says nothing in time, somebody decides, and then it says something after all. */
const unheard: Story = async (world, shop) => {
  await shop.count('apple', 5);
  world.durable.engineIsSilent = true;
  const id = await shop.place('unheard', [['apple', 2]], { screening: HOLDS });
  await world.until('2024-05-04T12:00:31.000Z');
  await shop.decide(id, 'accept', { now: '2024-05-04T12:01:00.000Z' });
  await world.settle();
  world.durable.engineIsSilent = false;
  await world.settle();
  return id;
};

/** The engine says nothing in time, and the location lets it pass. */
const waved: Story = async (world, shop) => {
  await shop.count('apple', 5);
  world.durable.engineIsSilent = true;
  const id = await shop.place('waved', [['apple', 2]], { screening: { ...HOLDS, onSilence: 'pass' } });
  await world.until('2024-05-04T12:00:31.000Z');
  world.durable.engineIsSilent = false;
  await world.settle();
  return id;
};

/** Goods are short, the customer would rather wait: one unit fewer, and it goes on with the rest. */
const shortened: Story = async (world, shop) => {
  await shop.count('apple', 2);
  await shop.count('pear', 5);
  const id = await shop.place(
    'shortened',
    [
      ['apple', 3],
      ['pear', 1],
    ],
    { onShortage: 'hold' },
  );
  await world.settle();
  await shop.decide(id, 'amend', { drop: 1 });
  await world.settle();
  await world.pay(sessionOf(id));
  return id;
};

/** Goods are short, somebody gets more, and the order goes on as it was. */
const restocked: Story = async (world, shop) => {
  await shop.count('apple', 2);
  const id = await shop.place('restocked', [['apple', 3]], { onShortage: 'hold' });
  await world.settle();
  await shop.recount('apple', 4);
  await shop.decide(id, 'accept');
  await world.settle();
  return id;
};

/** Goods are short and stay so: the order is held again, and nobody decides in time. */
const shortForGood: Story = async (world, shop) => {
  await shop.count('apple', 2);
  await shop.count('pear', 5);
  const id = await shop.place(
    'short for good',
    [
      ['apple', 3],
      ['pear', 1],
    ],
    { onShortage: 'hold' },
  );
  await world.settle();
  await shop.decide(id, 'accept');
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

async function tell(story: Story, crashAt?: number) {
  const world = new World(crashAt);
  const shop = shopOn(world.outside);
  const id = await story(world, shop);
  return { world, shop, id };
}

describe('an order that is checked', () => {
  it('is accepted once the engine has passed it and its stock is there', async () => {
    const { world, id } = await tell(checked);
    const types = world.types(orderStream(id));
    expect(types.slice(0, 1)).to.deep.equal(['OrderPlaced']);
    expect(types.slice(1, 3)).to.have.members(['OrderChecked', 'StockSecured']);
    expect(types.slice(3)).to.include.members(['OrderAccepted', 'PaymentLinkAttached', 'OrderConfirmed']);
    expect(types).not.to.include('OrderHeld');
  });

  it('is held where the engine finds it unusual, and goes on when somebody has looked at it', async () => {
    const { world, shop, id } = await tell(lookedAt);
    expect(world.types(orderStream(id))).to.include.members(['OrderChecked', 'OrderHeld', 'OrderHoldResolved']);
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
  });

  it('is rejected where the engine refuses it, and its stock is free again', async () => {
    const world = new World();
    const shop = shopOn(world.outside);
    await shop.count('apple', 100);
    const id = await shop.place('dear', [['apple', 30]], { screening: HOLDS });
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('rejected');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 100, reserved: 0 });
  });

  it('is held when the engine says nothing in time; what it says later is recorded and changes nothing', async () => {
    const { world, shop, id } = await tell(unheard);
    expect(world.types(orderStream(id)).filter((type) => type !== 'PaymentLinkAttached')).to.deep.equal([
      'OrderPlaced',
      'StockSecured',
      'OrderHeld',
      'OrderHoldResolved',
      'OrderAccepted',
      'OrderChecked',
    ]);
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
  });

  it('passes when the engine says nothing in time, where the location wants it so', async () => {
    const { world, shop, id } = await tell(waved);
    const engines = world.durable.store
      .events(orderStream(id))
      .filter(({ type }) => type === 'OrderChecked')
      .map(({ data }) => (data as { engine: string }).engine);
    expect(engines).to.deep.equal(['screening-deadline', 'comanda-rules']);
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
  });

  it('is asked about again after it was held for want of goods', async () => {
    const world = new World();
    const shop = shopOn(world.outside);
    await shop.count('apple', 1);
    world.durable.engineIsSilent = true;
    const id = await shop.place('twice held', [['apple', 2]], { screening: HOLDS, onShortage: 'hold' });
    await world.until('2024-05-04T12:00:31.000Z');
    await shop.recount('apple', 5);
    await shop.decide(id, 'accept', { now: '2024-05-04T12:01:00.000Z' });
    await world.until('2024-05-04T12:01:31.000Z');
    expect(await shop.statusOf(id)).to.equal('on_hold');
    expect(world.types(orderStream(id)).filter((type) => type === 'OrderHeld')).to.have.length(2);
  });
});

describe('an order that would rather wait than be rejected for want of goods', () => {
  it('keeps what it has while it is held, and goes on without what was dropped', async () => {
    const { world, shop, id } = await tell(shortened);
    expect(world.types(orderStream(id))).to.include.members([
      'StockShort',
      'OrderHeld',
      'LinesCancelled',
      'OrderConfirmed',
    ]);
    expect(world.durable.provider.sessions.get(sessionOf(id))?.amount.amount).to.equal(1500);
    expect((await shop.shelf('apple')).reserved + (await shop.shelf('pear')).reserved).to.be.at.most(3);
  });

  it('goes on as it was when there is enough after all', async () => {
    const { shop, id } = await tell(restocked);
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 4, reserved: 3 });
  });

  it('is held again while goods are short, rejected when nobody decides, and keeps nothing', async () => {
    const { world, shop, id } = await tell(shortForGood);
    expect(world.types(orderStream(id)).filter((type) => type === 'OrderHeld')).to.have.length(2);
    expect(await shop.statusOf(id)).to.equal('rejected');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 2, reserved: 0 });
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 5, reserved: 0 });
  });
});

describe('a process that ends while an order is checked or held', () => {
  it('goes on to the same end, nothing twice', async function () {
    this.timeout(300_000);
    const undisturbed = await tell(unheard);
    const expected = JSON.stringify(sorted(undisturbed.world.history()));
    for (let point = 1; point <= undisturbed.world.points; point++) {
      const { world } = await tell(unheard, point);
      expect(world.crashes, `at point ${point}`).to.equal(1);
      expect(JSON.stringify(sorted(world.history())), `ended at point ${point}`).to.equal(expected);
    }
  });
});

/** What is told may not differ; the order in which streams that do not wait for each other tell it may. */
const sorted = (history: Readonly<Record<string, readonly unknown[]>>) =>
  Object.entries(history).map(([stream, events]) => [stream, events.map((event) => JSON.stringify(event)).sort()]);
