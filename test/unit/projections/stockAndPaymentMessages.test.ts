import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/events.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, main, sku } from '../../support/fixtures.js';
import { told } from './told.js';

describe('messages of stock, offers and the ends of payments', () => {
  const stockStream = `stock-soup_${main}`;
  const registered: DomainEvent = {
    type: 'StockRegistered',
    data: { sku: sku('soup'), locationId: main, onHand: 10, threshold: 4, safety: 1, backorderLimit: 0, unit: 'piece' },
  };
  const reserved: DomainEvent = {
    type: 'StockReserved',
    data: { reservationId: idOf('reservation', 1), orderId: anOrder, qty: 6 },
  };

  it('tell what lies on the shelf when that changes, and nothing of what is only set aside', async () => {
    const used = { reservationId: idOf('reservation', 1), orderId: anOrder, qty: 2, by: 'tkt_1' };
    const messages = await told(stockStream, [
      registered,
      reserved,
      { type: 'StockReceived', data: { receiptId: 'r', qty: 5, ref: 'note 1' } },
      { type: 'StockConsumed', data: used },
      { type: 'StockAdjusted', data: { from: 13, to: 12, reason: 'broken' } },
    ]);
    const block = { sku: 'soup', locationId: 'main' };
    expect(messages.map(({ type, data }) => [type, data])).to.deep.equal([
      ['stock.changed.v1', { ...block, onHand: 10, reserved: 0, available: 9 }],
      ['stock.changed.v1', { ...block, onHand: 15, reserved: 6, available: 8 }],
      ['stock.changed.v1', { ...block, onHand: 13, reserved: 4, available: 8 }],
      ['stock.changed.v1', { ...block, onHand: 12, reserved: 4, available: 7 }],
    ]);
  });

  it('tell when it becomes few, is gone, or is less than was promised, and to whom', async () => {
    const messages = await told(stockStream, [
      registered,
      reserved,
      { type: 'LowStockReached', data: { available: 3, threshold: 4 } },
      { type: 'StockDepleted', data: {} },
      { type: 'StockShortfallDetected', data: { missing: 2, reservations: [idOf('reservation', 1)] } },
    ]);
    const block = { sku: 'soup', locationId: 'main', onHand: 10, reserved: 6, available: 3 };
    expect(messages.slice(1).map(({ type, data }) => [type, data])).to.deep.equal([
      ['stock.low.v1', { ...block, threshold: 4 }],
      ['stock.depleted.v1', block],
      ['stock.shortfall.v1', { ...block, missing: 2, orders: [anOrder] }],
    ]);
  });

  it('tell of an offer from when it is on sale', async () => {
    const details = { name: 'Soup', trackStock: true, taxClass: 'standard' };
    const messages = await told('offer-soup', [
      { type: 'OfferDrafted', data: { sku: sku('soup'), ...details } },
      { type: 'PriceSet', data: { price: eur(500), validFrom: at } },
      { type: 'OfferPublished', data: {} },
      { type: 'PriceSet', data: { price: eur(550), validFrom: at } },
      { type: 'OfferSuspended', data: { reason: 'sold out', locationId: main } },
      { type: 'OfferResumed', data: { locationId: main } },
      { type: 'PriceSet', data: { price: eur(600), validFrom: at, locationId: main } },
      { type: 'OfferRetired', data: {} },
    ]);
    expect(messages.map(({ type, data }) => [type, data])).to.deep.equal([
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(500) }],
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(550) }],
      ['offer.suspended.v1', { sku: 'soup', reason: 'sold out', locationId: main }],
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(550) }],
      ['offer.suspended.v1', { sku: 'soup', reason: 'retired' }],
    ]);
  });

  it('tell how a payment ended, of a payer who disputes it, and of a refund that somebody made at the provider', async () => {
    const opened: DomainEvent = {
      type: 'PaymentOpened',
      data: {
        paymentId: aPayment,
        orderId: anOrder,
        amount: eur(2_000),
        purpose: 'initial',
        captureMode: 'automatic',
        dueAt,
      },
    };
    const dispute = { disputeId: 'dp_1', amount: eur(2_000) };
    const about = { paymentId: aPayment, orderId: anOrder };
    const ends = async (...events: readonly DomainEvent[]) =>
      (await told(`payment-${aPayment}`, [opened, ...events])).map(({ type, data }) => [type, data]);
    expect(await ends({ type: 'PaymentClosed', data: { why: 'expired' } })).to.deep.equal([
      ['payment.closed.v1', { ...about, why: 'expired' }],
    ]);
    expect(await ends({ type: 'PaymentFailed', data: { code: 'declined' } })).to.deep.equal([
      ['payment.failed.v1', { ...about, code: 'declined' }],
    ]);
    expect(
      await ends(
        { type: 'DisputeOpened', data: { ...dispute, status: 'needs_response', evidenceDueBy: dueAt } },
        { type: 'DisputeClosed', data: { ...dispute, outcome: 'lost' } },
      ),
    ).to.deep.equal([
      ['payment.dispute_opened.v1', { ...about, ...dispute, dueBy: dueAt }],
      ['payment.dispute_closed.v1', { ...about, ...dispute, outcome: 'lost' }],
    ]);
    const elsewhere = { providerRefundId: 're_9', amount: eur(700) };
    expect(
      await ends(
        { type: 'ForeignRefundRecorded', data: { ...elsewhere, intentId: 'pi_1' } },
        { type: 'ForeignRefundFailed', data: { ...elsewhere, code: 'lost_or_stolen_card' } },
      ),
    ).to.deep.equal([
      ['refund.foreign_recorded.v1', { ...about, ...elsewhere }],
      ['refund.foreign_failed.v1', { ...about, ...elsewhere, code: 'lost_or_stolen_card' }],
    ]);
    // closed before anybody opened it: nobody knows whose it was
    expect(await told(`payment-${aPayment}`, [{ type: 'PaymentClosed', data: { why: 'cancelled' } }])).to.deep.equal(
      [],
    );
  });
});
