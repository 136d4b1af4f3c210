import { paymentIdOf } from '../../../../src/commands/identity.js';
import { resolveHold } from '../../../../src/commands/order/resolveHold.js';
import type { OrderId } from '../../../../src/domain/kernel/ids.js';
import type { Money } from '../../../../src/domain/kernel/money.js';
import { orderStream } from '../../../../src/domain/kernel/streams.js';
import { at, eur, sealedNote } from '../../../support/fixtures.js';
import { contextFor, shopOn } from '../../../support/world/shop.js';
import { World } from '../../../support/world/world.js';

export const sessionOf = (id: OrderId, ordinal = 1): string => `cs_${paymentIdOf(id, ordinal)}_1`;
const PAST_DUE = '2024-05-04T12:40:00.000Z';
const NEXT_WEEK = '2024-05-12T12:00:00.000Z';

/** One story of an order: what happens from outside, Comanda working in between. */
type Story = (world: World, shop: ReturnType<typeof shopOn>) => Promise<OrderId>;

export const served: Story = async (world, shop) => {
  await shop.count('apple', 5);
  await shop.count('pear', 5);
  const id = await shop.place('served', [
    ['pear', 2],
    ['apple', 1],
    ['wrap', 1, 'untracked'],
  ]);
  await world.settle();
  await world.pay(sessionOf(id));
  await world.until(PAST_DUE);
  await world.until(NEXT_WEEK);
  return id;
};

/** The customer notes something, and the staff before and after the kitchen hears of the order. */
export const noted: Story = async (world, shop) => {
  const id = await shop.place('noted', [['wrap', 1, 'untracked']], { note: sealedNote('a birthday') });
  await shop.note(id, 1);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.note(id, 2);
  await world.settle();
  await world.until(PAST_DUE);
  await world.until(NEXT_WEEK);
  return id;
};

export const soldOut: Story = async (world, shop) => {
  await shop.count('apple', 5);
  await shop.count('pear', 1);
  await shop.count('plum', 0);
  const id = await shop.place('sold out', [
    ['plum', 1],
    ['apple', 1],
    ['pear', 2],
  ]);
  await world.settle();
  await world.until(NEXT_WEEK);
  return id;
};

export const expired: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('expired', [['apple', 3]]);
  await world.settle();
  await world.until(PAST_DUE);
  await world.pay(sessionOf(id));
  return id;
};

export const cancelled: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('cancelled', [['apple', 3]]);
  await world.settle();
  await shop.cancel(id);
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

export const cancelledAtOnce: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('cancelled at once', [['apple', 3]]);
  await shop.cancel(id);
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

/** The payer pays while the webhook gets lost, and only the deadline finds out. */
export const paidUnseen: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('unseen', [['apple', 3]]);
  await world.settle();
  world.durable.provider.pay(sessionOf(id));
  await world.until('2024-05-04T12:01:00.000Z');
  await world.until(PAST_DUE);
  return id;
};

/** The money goes back after all, a part of it as a favour. */
export const refunded: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('refunded', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.favour(id, 700);
  await world.settle();
  return id;
};

/** Somebody has doubts and never says whether the order may go on. */
export const undecided: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('undecided', [['apple', 3]]);
  await world.settle();
  await shop.hold(id, '2024-05-04T12:20:00.000Z');
  await world.until(PAST_DUE);
  return id;
};

/** The kitchen has begun: the wish is declined, and carried out when the staff insist. */
export const stopped: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('stopped', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.stop(id, false);
  await world.settle();
  await shop.stop(id, true);
  await world.settle();
  return id;
};

/** One of three is not wanted any more. */
export const dropped: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('dropped', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.drop(id, 1);
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

/** One of three is called off in the moment in which all three are handed over. */
export const tooLate: Story = async (world, shop) => {
  await shop.count('apple', 5);
  const id = await shop.place('too late', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.kitchen(id, { type: 'BumpTicket', by: 'kitchen/anna', at });
  await shop.kitchen(id, { type: 'HandOver', to: 'customer', at });
  await shop.drop(id, 1);
  await world.settle();
  return id;
};

/** Something comes on top while the kitchen makes the rest: it is set aside, asked for, paid and made. */
export const amended: Story = async (world, shop) => {
  await shop.count('apple', 5);
  await shop.count('pear', 1);
  const id = await shop.place('amended', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.amend(id, [
    ['pear', 1],
    ['wrap', 1, 'untracked'],
  ]);
  await world.settle();
  await world.pay(sessionOf(id, 2));
  await world.until(PAST_DUE);
  return id;
};

/** One of two things that were to come on top is not there. */
export const amendedInVain: Story = async (world, shop) => {
  await shop.count('apple', 5);
  await shop.count('pear', 1);
  await shop.count('plum', 4);
  const id = await shop.place('amended in vain', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.amend(id, [
    ['plum', 1],
    ['pear', 2],
  ]);
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

/** The staff call the order off before the stock of what was to come on top is asked for. */
export const amendedAndStopped: Story = async (world, shop) => {
  await shop.count('apple', 5);
  await shop.count('pear', 1);
  const id = await shop.place('amended and stopped', [['apple', 3]]);
  await world.settle();
  await world.pay(sessionOf(id));
  await shop.amend(id, [['pear', 1]]);
  await shop.stop(id, true);
  await world.settle();
  await world.until(PAST_DUE);
  return id;
};

/** Another amount is paid than was asked for: the order is held, and somebody decides. */
async function paidOtherwise(
  name: string,
  amount: Money,
  decision: 'accept' | 'reject',
  { world, shop }: { readonly world: World; readonly shop: ReturnType<typeof shopOn> },
): Promise<OrderId> {
  await shop.count('apple', 5);
  const id = await shop.place(name, [['apple', 3]]);
  await world.settle();
  world.durable.provider.pay(sessionOf(id));
  world.durable.provider.change(sessionOf(id), { amount });
  await world.hear(sessionOf(id));
  const context = contextFor(orderStream(id), decision);
  const decided = await resolveHold(world.outside, id, { decision, by: 'staff', reason: 'seen' }, context);
  if (decided._tag === 'Left') throw new Error(JSON.stringify(decided.left));
  await world.settle();
  // whoever tells of it again tells nothing new
  await world.hear(sessionOf(id));
  return id;
}

export const paidLess: Story = async (world, shop) => {
  const id = await paidOtherwise('paid less', eur(1000), 'accept', { world, shop });
  await world.pay(sessionOf(id, 2));
  await world.until(PAST_DUE);
  return id;
};

export const paidLessAndNoMore: Story = async (world, shop) => {
  const id = await paidOtherwise('paid less and no more', eur(1000), 'accept', { world, shop });
  await world.until(NEXT_WEEK);
  return id;
};

export const paidMore: Story = async (world, shop) => {
  const id = await paidOtherwise('paid more', eur(1700), 'accept', { world, shop });
  await world.until(PAST_DUE);
  return id;
};

export const paidInDollars: Story = async (world, shop) => {
  const id = await paidOtherwise('paid in dollars', { amount: 1500, currency: 'USD' }, 'reject', { world, shop });
  await world.until(PAST_DUE);
  return id;
};

/** The story told, with a process that ends at a point, or never; forgetful: its successor begins without a checkpoint. */
export async function tell(story: Story, crashAt?: number, forgetful?: boolean) {
  const world = new World(crashAt, forgetful);
  const shop = shopOn(world.outside);
  const id = await story(world, shop);
  return { world, shop, id };
}
