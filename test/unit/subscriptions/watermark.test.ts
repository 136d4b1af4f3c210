import { expect } from 'chai';
import fc from 'fast-check';
import { Watermark } from '../../../src/subscriptions/runners/watermark.js';

describe('the watermark of a reactor', () => {
  it('stands where it began until the first event is done', () => {
    const watermark = new Watermark(7n);
    watermark.begin(8n);
    watermark.pass(9n);
    expect(watermark.position).to.equal(7n);
    expect(watermark.undone).to.equal(1);
  });

  it('moves past events that ask for nothing, when nothing earlier is under way', () => {
    const watermark = new Watermark(null);
    watermark.pass(3n);
    expect(watermark.position).to.equal(3n);
    expect(watermark.length).to.equal(0);
  });

  it('is the end of the contiguous run of events done, in whatever order they end', () => {
    const steps = fc.array(fc.record({ passes: fc.boolean(), endsAs: fc.nat(1_000) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.nat(100), (events, percent) => {
        const watermark = new Watermark(null);
        const ends: { readonly index: number; readonly order: number; readonly end: () => void }[] = [];
        events.forEach(({ passes, endsAs }, index) => {
          if (passes) watermark.pass(BigInt(index));
          else ends.push({ index, order: endsAs, end: watermark.begin(BigInt(index)) });
        });
        ends.sort((a, b) => a.order - b.order);
        const ended = ends.slice(0, Math.floor((ends.length * percent) / 100));
        const open = new Set(ends.map(({ index }) => index));
        for (const { index, end } of ended) {
          end();
          open.delete(index);
        }
        const firstOpen = Math.min(...open, events.length);
        expect(watermark.position).to.equal(firstOpen === 0 ? null : BigInt(firstOpen - 1));
        expect(watermark.undone).to.equal(open.size);
      }),
    );
  });
});
