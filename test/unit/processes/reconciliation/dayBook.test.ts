import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { paymentStream } from '../../../../src/domain/kernel/streams.js';
import { payment, type PaymentEvent } from '../../../../src/domain/payment/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { BookedCharge, BookedRefund } from '../../../../src/processes/ports/providerBooks.js';
import { dayBook } from '../../../../src/processes/reconciliation/dayBook.js';
import { aPayment, eur, later } from '../../../support/fixtures.js';
import {
  accepted,
  aRefund,
  captured,
  foreignRefund,
  foreignRefundFailed,
  histories,
  otherAmount,
  refundApproved,
  refundFailed,
  refundRequested,
  refundSubmitted,
  refundSucceeded,
} from '../../domain/payment/histories.js';
import { recorded } from '../support/recorded.js';

/** The day on which our events happen: see `recorded`. */
const day = { begins: '2024-05-04T00:00:00.000Z', ends: '2024-05-05T00:00:00.000Z' };
const stream = paymentStream(aPayment);
const charge: BookedCharge = { paymentId: aPayment, chargeId: 'ch_1', intentId: 'pi_1', amount: eur(2000), at: later };
const refund = (change: Partial<BookedRefund> = {}): BookedRefund => ({
  paymentId: aPayment,
  refundId: aRefund,
  providerRefundId: 're_1',
  intentId: 'pi_1',
  status: 'succeeded',
  amount: eur(500),
  ...change,
});
const { refundId: _, ...elsewhere } = refund({ providerRefundId: 're_9', amount: eur(700) });
const given = [...histories.captured, refundRequested(), refundApproved(), refundSubmitted, refundSucceeded];

interface Theirs {
  readonly charges?: readonly BookedCharge[];
  /** What was made on the day. */
  readonly refunds?: readonly BookedRefund[];
  /** What was made so long ago that no list of the day has it. */
  readonly old?: readonly BookedRefund[];
}

async function book(events: readonly PaymentEvent[], { charges = [charge], refunds = [], old = [] }: Theirs) {
  const listed = async function* <Item>(items: readonly Item[]) {
    yield* await Promise.resolve(items);
  };
  const { rows, findings } = await dayBook(
    {
      books: {
        charges: () => listed(charges),
        refunds: (since) => listed(since === day.begins ? refunds : []),
        refundsOf: () => Promise.resolve([...refunds, ...old]),
        sessions: () => listed([]),
      },
      leftovers: { paymentsBetween: () => Promise.resolve([aPayment]) },
      related: { latest: () => Promise.resolve(fold(payment, payment.initial, events)) } as unknown as Related,
      history: () => Promise.resolve(events.map((event, revision) => recorded(stream, event, revision))),
    },
    day,
  );
  return {
    rows: rows.map(({ what, provider, ours }) => [what, [provider.count, provider.amount], [ours.count, ours.amount]]),
    texts: findings.map(({ text }) => text),
  };
}

const paid = ['payments', [1, 2_000], [1, 2_000]];

describe('the book of a day', () => {
  it('balances where both say the same', async () => {
    expect(await book(given, { refunds: [refund()] })).to.deep.equal({
      rows: [paid, ['refunds', [1, 500], [1, 500]]],
      texts: [],
    });
  });

  it('has money that we say was taken, and that the provider does not know of', async () => {
    expect(await book(histories.captured, { charges: [] })).to.deep.equal({
      rows: [['payments', [0, 0], [1, 2_000]]],
      texts: ['the payment recorded the money of pi_1 at 2024-05-04T12:00:00.000Z, and the provider has none of it'],
    });
    const twice = [...histories.captured, captured({ intentId: 'pi_2', amount: eur(300) })];
    expect((await book(twice, {})).rows).to.deep.equal([['payments', [1, 2_000], [2, 2_300]]]);
  });

  it('has money that the provider took, and that we do not know of', async () => {
    expect(await book(histories.ready, {})).to.deep.equal({
      rows: [['payments', [1, 2_000], [0, 0]]],
      texts: ['the provider took the money of pi_1 by ch_1, and the payment did not count it'],
    });
  });

  it('says what came as another amount than was asked for, until it is decided on; then both have it', async () => {
    const other = [{ ...charge, amount: eur(1500) }];
    const undecided = {
      rows: [['payments', [1, 1_500], [0, 0]]],
      texts: [
        '1500 minor units of EUR came by pi_1 where 2000 of EUR were asked for: ' +
          'it counts once somebody accepts it, and goes back once its order is over, or somebody rejects it',
      ],
    };
    expect(await book(otherAmount.came, { charges: other })).to.deep.equal(undecided);
    // what went back by hand is in both books, and the rest is not
    const byHand: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(400), intentId: 'pi_1' },
    };
    const part = await book([...otherAmount.came, byHand], {
      charges: other,
      refunds: [{ ...elsewhere, amount: eur(400) }],
    });
    expect(part.rows).to.deep.equal([
      ['payments', [1, 1_500], [1, 400]],
      ['refunds', [1, 400], [1, 400]],
    ]);
    expect(part.texts[0]).to.contain('asked for, and 1100 of them are left: it counts');
    const both = ['payments', [1, 1_500], [1, 1_500]];
    const counted = captured({ amount: eur(1500), accepted });
    expect(await book([...otherAmount.came, counted], { charges: other })).to.deep.equal({ rows: [both], texts: [] });
    // it came on an earlier day than it was accepted
    expect(await book([...otherAmount.came, counted], { charges: [] })).to.deep.equal({ rows: [], texts: [] });
    const back = [
      ...otherAmount.came,
      refundRequested({ amount: eur(1500), approval: 'auto' }),
      refundApproved('policy'),
      refundSubmitted,
    ];
    const all = [refund({ amount: eur(1500), status: 'pending' })];
    expect(await book(back, { charges: other, refunds: all })).to.deep.equal({
      rows: [both, ['refunds', [1, 1_500], [1, 1_500]]],
      texts: [],
    });
  });

  it('has money that we say went back, and that the provider does not know of', async () => {
    expect(await book(given, {})).to.deep.equal({
      rows: [paid, ['refunds', [0, 0], [1, 500]]],
      texts: [`the payment recorded refund ${aRefund} at 2024-05-04T12:00:00.000Z, and the provider has none of it`],
    });
    expect(await book([...histories.captured, foreignRefund()], {})).to.deep.equal({
      rows: [paid, ['refunds', [0, 0], [1, 700]]],
      texts: ['the payment recorded refund re_9 at 2024-05-04T12:00:00.000Z, and the provider has none of it'],
    });
  });

  it('asks the provider for the refund itself before it says so: a bank may take long', async () => {
    expect(await book(given, { old: [refund()] })).to.deep.equal({ rows: [paid], texts: [] });
  });

  it('has money that the provider sent back, and that we do not know of', async () => {
    expect(await book(histories.captured, { refunds: [elsewhere] })).to.deep.equal({
      rows: [paid, ['refunds', [1, 700], [0, 0]]],
      texts: ['refund re_9 is not recorded: ForeignRefundRecorded'],
    });
  });

  it('has a refund that the provider made and that we have given up', async () => {
    const failed = [...given.slice(0, -1), refundFailed()];
    expect(await book(failed, { refunds: [refund()] })).to.deep.equal({
      rows: [paid, ['refunds', [1, 500], [0, 0]]],
      texts: ['the provider made refund re_1, and the payment has given it up'],
    });
  });

  it('has a refund that somebody made there of money that never counted, until it is told', async () => {
    const mismatch: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2_000), actual: eur(700), intentId: 'pi_1' },
    };
    const { texts } = await book([...histories.ready, mismatch], { charges: [], refunds: [elsewhere] });
    expect(texts).to.deep.equal(['refund re_9 is not recorded: ForeignRefundRecorded']);
  });

  it('has a refund that failed on our side alone, as long as we take it for gone', async () => {
    const failed = { status: 'failed', code: 'lost_or_stolen_card' } as const;
    expect(await book(given, { refunds: [refund(failed)] })).to.deep.equal({
      rows: [paid, ['refunds', [0, 0], [1, 500]]],
      texts: ['refund re_1 is not recorded: RefundFailed'],
    });
    const made = [...histories.captured, foreignRefund()];
    expect(await book(made, { refunds: [{ ...elsewhere, ...failed }] })).to.deep.equal({
      rows: [paid, ['refunds', [0, 0], [1, 700]]],
      texts: ['refund re_9 is not recorded: ForeignRefundFailed'],
    });
  });

  it('has no refund that failed, on neither side, whoever made it', async () => {
    const failed = { status: 'failed', code: 'lost_or_stolen_card' } as const;
    for (const refunds of [[refund(failed), { ...elsewhere, ...failed }], []]) {
      const events = [...given, refundFailed(), foreignRefund(), foreignRefundFailed];
      expect(await book(events, { refunds })).to.deep.equal({ rows: [paid], texts: [] });
    }
  });
});
