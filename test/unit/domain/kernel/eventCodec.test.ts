import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { eventCodec } from '../../../../src/domain/kernel/eventCodec.js';

/** An event that said `cents` at first, then `amount`, and at last the currency with it. */
const codec = eventCodec({
  FeeCharged: {
    v: 3,
    data: t.type({ amount: t.number, currency: t.string }),
    upcasters: {
      1: (data) => ({ amount: (data as { cents: number }).cents }),
      2: (data) => ({ ...(data as object), currency: 'EUR' }),
    },
  },
});
const event = { type: 'FeeCharged', data: { amount: 5, currency: 'EUR' } } as const;

describe('reading a stored event', () => {
  it('lifts an old version step by step to the present one', () => {
    expect(codec.decode({ type: 'FeeCharged', v: 1, data: { cents: 5 } })).to.deep.equal(E.right(event));
    expect(codec.decode({ type: 'FeeCharged', v: 2, data: { amount: 5 } })).to.deep.equal(E.right(event));
    expect(codec.decode(codec.encode(event))).to.deep.equal(E.right(event));
  });

  it('writes the present version', () => {
    expect(codec.encode(event)).to.deep.equal({ ...event, v: 3 });
  });

  it('says which member is wrong', () => {
    const decoded = codec.decode({ type: 'FeeCharged', v: 3, data: { amount: '5', currency: 'EUR' } });
    if (E.isRight(decoded)) throw new Error('it was read');
    expect(decoded.left).to.include({ _tag: 'InvalidEventData', type: 'FeeCharged', v: 3 });
    expect(JSON.stringify(decoded.left)).to.contain('amount');
  });

  it('does not know a version for which there is no way up', () => {
    const gap = eventCodec({ FeeCharged: { v: 2, data: t.type({}) } });
    expect(gap.decode({ type: 'FeeCharged', v: 1, data: {} })).to.deep.equal(
      E.left({ _tag: 'UnknownEventVersion', type: 'FeeCharged', v: 1 }),
    );
  });
});
