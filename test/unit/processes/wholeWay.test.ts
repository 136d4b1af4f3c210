import { expect } from 'chai';
import { lineIdOf, orderIdOfKey, paymentIdOf, reservationIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import { orderStream, paymentStream, stockStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { stock } from '../../../src/domain/stock/index.js';
import { FINISHED_KEPT } from '../../../src/domain/stock/state.js';
import { eur, main, sealedNote, sku } from '../../support/fixtures.js';
import { contextFor } from '../../support/world/shop.js';
import type { World } from '../../support/world/world.js';
import {
  amended,
  amendedAndStopped,
  amendedInVain,
  cancelled,
  cancelledAtOnce,
  dropped,
  expired,
  noted,
  paidInDollars,
  paidLess,
  paidLessAndNoMore,
  paidMore,
  paidUnseen,
  refunded,
  served,
  sessionOf,
  soldOut,
  stopped,
  tell,
  tooLate,
  undecided,
} from './support/stories.js';

describe('an order on its whole way', () => {
  it('is reserved, paid, cooked, handed over and completed', async () => {
    const { world, shop, id } = await tell(served);
    expect(world.types(orderStream(id))).to.deep.equal([
      'OrderPlaced',
      'StockSecured',
      'OrderAccepted',
      'PaymentLinkAttached',
      'PaymentApplied',
      'OrderConfirmed',
      'FulfilmentStarted',
      'FulfilmentProgressed',
      'FulfilmentProgressed',
      'LinesFulfilled',
      'OrderFulfilled',
      'OrderCompleted',
    ]);
    expect(world.types(paymentStream(paymentIdOf(id, 1)))).to.deep.equal([
      'PaymentOpened',
      'CheckoutSessionCreated',
      'PaymentCaptured',
    ]);
    expect(world.types(ticketStream(ticketIdOf(id, main))).slice(-2)).to.deep.equal([
      'TicketReady',
      'TicketHandedOver',
    ]);
    expect(world.types(stockStream(sku('pear'), main))).to.deep.equal([
      'StockRegistered',
      'StockReserved',
      'ReservationConfirmed',
      'StockConsumed',
    ]);
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 3, reserved: 0 });
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 4, reserved: 0 });
  });

  it('is rejected with every item that is short, and everything reserved is free again', async () => {
    const { world, shop, id } = await tell(soldOut);
    const rejected = world.durable.store.events(orderStream(id)).at(-1);
    expect(rejected?.type).to.equal('OrderRejected');
    const { reasons } = rejected?.data as { reasons: { sku: string; wanted: number; available: number }[] };
    expect(reasons.map(({ sku: item, wanted, available }) => [item, wanted, available])).to.deep.equal([
      ['pear', 2, 1],
      ['plum', 1, 0],
    ]);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 1, reserved: 0 });
    // a reserve that comes late is refused: the release was noted under every reservation that could ever be made
    expect(JSON.stringify(world.durable.store.events(stockStream(sku('plum'), main)).at(-1)?.data)).to.include(
      reservationIdOf(id, lineIdOf(id, 0)),
    );
  });

  it('expires when nobody pays, its session closed at the provider before anything else', async () => {
    const { world, shop, id } = await tell(expired);
    expect(await shop.statusOf(id)).to.equal('expired');
    expect(world.durable.provider.sessions.get(sessionOf(id))?.status).to.equal('expired');
    expect(world.types(paymentStream(paymentIdOf(id, 1))).at(-1)).to.equal('PaymentClosed');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('is cancelled before payment, its stock free and its session closed', async () => {
    const { world, shop, id } = await tell(cancelled);
    expect(await shop.statusOf(id)).to.equal('cancelled');
    expect(world.durable.provider.sessions.get(sessionOf(id))?.status).to.equal('expired');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('keeps no stock when it is cancelled before its stock is reserved', async () => {
    const { world, shop, id } = await tell(cancelledAtOnce);
    expect(await shop.statusOf(id)).to.equal('cancelled');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
    expect(world.durable.provider.sessions.size).to.equal(0);
  });

  it('is found paid though its webhook got lost', async () => {
    const { shop, id } = await tell(paidUnseen);
    expect(await shop.statusOf(id)).to.be.oneOf(['confirmed', 'in_fulfilment', 'fulfilled']);
  });
});

describe('an order whose money goes back', () => {
  it('is told how it went', async () => {
    const { world, id } = await tell(refunded);
    expect(world.types(paymentStream(paymentIdOf(id, 1))).slice(-4)).to.deep.equal([
      'RefundRequested',
      'RefundApproved',
      'RefundSubmitted',
      'RefundSucceeded',
    ]);
    expect(world.types(orderStream(id))).to.include.members(['RefundDue', 'RefundApplied']);
    expect([...world.durable.provider.refunds.values()].map(({ amount }) => amount.amount)).to.deep.equal([700]);
  });
});

describe('an order that is called off after it was confirmed', () => {
  it('is declined by a kitchen that has begun, and stopped when the staff insist', async () => {
    const { world, shop, id } = await tell(stopped);
    expect(world.types(orderStream(id))).to.include.members([
      'CancellationRequested',
      'CancellationDeclined',
      'OrderCancelled',
      'RefundDue',
      'RefundApplied',
    ]);
    expect(world.types(ticketStream(ticketIdOf(id, main))).at(-1)).to.equal('TicketCancelled');
    expect((await shop.shelf('apple')).reserved).to.equal(0);
    expect([...world.durable.provider.refunds.values()].map(({ amount }) => amount.amount)).to.deep.equal([1500]);
  });

  it('loses single units, with the money and the stock for them', async () => {
    const { world, shop, id } = await tell(dropped);
    expect(world.types(orderStream(id))).to.include.members(['LinesCancelled', 'RefundApplied', 'OrderFulfilled']);
    expect((await shop.shelf('apple')).reserved).to.equal(0);
    expect([...world.durable.provider.refunds.values()].map(({ amount }) => amount.amount)).to.deep.equal([500]);
  });
});

describe('an order of which a unit is called off while it is handed over', () => {
  it('is fulfilled with the rest; the money for that unit goes back and nothing stays reserved', async () => {
    const { world, shop, id } = await tell(tooLate);
    expect(await shop.statusOf(id)).to.equal('fulfilled');
    const fulfilled = world.durable.store.events(orderStream(id)).find(({ type }) => type === 'LinesFulfilled');
    expect((fulfilled?.data as { lines: unknown }).lines).to.deep.equal([{ lineId: lineIdOf(id, 0), qty: 2 }]);
    expect([...world.durable.provider.refunds.values()].map(({ amount }) => amount.amount)).to.deep.equal([500]);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 2, reserved: 0 });
  });
});

describe('an order of which something is noted', () => {
  it('has all of it on its ticket: the customer’s word from the beginning, the staff’s in the order in which it came', async () => {
    const { world, id } = await tell(noted);
    const events = world.durable.store.events(ticketStream(ticketIdOf(id, main)));
    expect(events[0]?.data).to.deep.include({ note: sealedNote('a birthday') });
    const added = events.filter(({ type }) => type === 'TicketNoteAdded').map(({ data }) => data as { note: string });
    expect(added.map(({ note }) => note)).to.deep.equal([sealedNote('note 1'), sealedNote('note 2')]);
  });
});

describe('an order that is amended after it was paid', () => {
  it('has what comes on top set aside before its price is asked for', async () => {
    const { world, shop, id } = await tell(amended);
    const types = world.types(orderStream(id));
    expect(types).to.include.members(['AmendmentRequested', 'OrderAmended', 'PaymentRequested', 'OrderFulfilled']);
    const log = world.log().map(({ stream, event }) => `${stream} ${event.type}`);
    const secured = log.indexOf(`${stockStream(sku('pear'), main)} StockReserved`);
    const asked = log.indexOf(`${orderStream(id)} PaymentRequested`);
    expect(secured).to.be.greaterThan(-1);
    expect(secured).to.be.lessThan(asked);
    expect(world.types(paymentStream(paymentIdOf(id, 2)))).to.include('PaymentCaptured');
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 0, reserved: 0 });
    expect(world.durable.provider.refunds.size).to.equal(0);
  });

  it('stays what it was where something is short, and nobody is asked for money', async () => {
    const { world, shop, id } = await tell(amendedInVain);
    const types = world.types(orderStream(id));
    expect(types).to.include.members(['AmendmentRequested', 'AmendmentDeclined', 'OrderFulfilled']);
    expect(types).not.to.include('OrderAmended').and.not.to.include('PaymentRequested');
    expect(world.types(paymentStream(paymentIdOf(id, 2)))).to.deep.equal([]);
    expect(await shop.shelf('plum')).to.deep.equal({ onHand: 4, reserved: 0 });
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 1, reserved: 0 });
  });

  it('keeps nothing of what was to come where it is called off first', async () => {
    const { world, shop, id } = await tell(amendedAndStopped);
    expect(await shop.statusOf(id)).to.equal('cancelled');
    expect(world.types(orderStream(id)))
      .to.include('AmendmentDeclined')
      .and.not.to.include('OrderAmended');
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 1, reserved: 0 });
    expect(world.types(paymentStream(paymentIdOf(id, 2)))).to.deep.equal([]);
  });
});

describe('an order that is paid by another amount', () => {
  const refundsOf = (world: World) => [...world.durable.provider.refunds.values()].map(({ amount }) => amount);

  it('counts what came once somebody accepts it, and the rest comes by another payment', async () => {
    const { world, shop, id } = await tell(paidLess);
    expect(await shop.statusOf(id)).to.be.oneOf(['confirmed', 'in_fulfilment', 'fulfilled']);
    expect(world.types(paymentStream(paymentIdOf(id, 1)))).to.deep.equal([
      'PaymentOpened',
      'CheckoutSessionCreated',
      'ProviderMismatchDetected',
      'PaymentCaptured',
    ]);
    expect(world.durable.provider.requests.map(({ amount }) => amount)).to.deep.equal([eur(1500), eur(500)]);
    const types = world.types(orderStream(id));
    expect(types.slice(types.indexOf('OrderHeld'), types.indexOf('OrderConfirmed') + 1)).to.deep.equal([
      'OrderHeld',
      'OrderHoldResolved',
      'PaymentApplied',
      'PaymentRequested',
      'PaymentLinkAttached',
      'PaymentApplied',
      'OrderConfirmed',
    ]);
    expect(refundsOf(world)).to.deep.equal([]);
  });

  it('gives back what came where the rest never does', async () => {
    const { world, shop, id } = await tell(paidLessAndNoMore);
    expect(await shop.statusOf(id)).to.equal('expired');
    expect(refundsOf(world)).to.deep.equal([eur(1000)]);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('goes on at once where more came, and gives back what is too much', async () => {
    const { world, shop, id } = await tell(paidMore);
    expect(await shop.statusOf(id)).to.be.oneOf(['confirmed', 'in_fulfilment', 'fulfilled']);
    expect(refundsOf(world)).to.deep.equal([eur(200)]);
  });

  it('gives back all of it, in another currency, where it is rejected, and counts none of it', async () => {
    const { world, shop, id } = await tell(paidInDollars);
    expect(await shop.statusOf(id)).to.equal('rejected');
    expect(refundsOf(world)).to.deep.equal([{ amount: 1500, currency: 'USD' }]);
    expect(world.types(paymentStream(paymentIdOf(id, 1)))).not.to.include('PaymentCaptured');
    const types = world.types(orderStream(id));
    expect(types).not.to.include('PaymentApplied').and.not.to.include('RefundApplied');
  });
});

describe('an order that nobody decides on', () => {
  it('is rejected when the time to decide is over, and nothing of it is left', async () => {
    const { world, shop, id } = await tell(undecided);
    expect(world.types(orderStream(id)).slice(-3)).to.deep.equal(['OrderHeld', 'OrderHoldResolved', 'OrderRejected']);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
    expect(world.durable.provider.sessions.get(sessionOf(id))?.status).to.equal('expired');
  });
});

describe('an order that is handled again long after', () => {
  it('reserves nothing a second time, although its stock item has forgotten the reservation', async function () {
    this.timeout(300_000);
    const { world, shop, id } = await tell(served);
    expect(await shop.statusOf(id)).to.equal('completed');
    const stream = stockStream(sku('pear'), main);
    const others = Array.from({ length: FINISHED_KEPT }, (_, index) => orderIdOfKey('admin/local', `other ${index}`));
    await Promise.all(
      others.map((orderId, index) =>
        world.outside.execute(
          stock,
          stream,
          {
            type: 'ReleaseReservation',
            reservationId: reservationIdOf(orderId, lineIdOf(orderId, 0)),
            orderId,
            why: 'cancelled',
          },
          contextFor(stream, `release ${index}`),
        ),
      ),
    );
    await world.again();
    expect(await shop.shelf('pear')).to.deep.equal({ onHand: 3, reserved: 0 });
  });
});
