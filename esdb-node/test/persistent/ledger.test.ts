import { expect } from 'chai';
import fc from 'fast-check';
import { Ledger } from '../../src/persistent/ledger.js';
import type { Message } from '../../src/persistent/message.js';
import { goesBefore } from '../../src/persistent/message.js';
import { Queue } from '../../src/persistent/queue.js';

describe('the account of what is unfinished', () => {
  it('never lets a checkpoint pass an unfinished message, and lets it reach every place before', () => {
    const finishing = fc.uniqueArray(fc.nat({ max: 29 }), { maxLength: 30 });
    fc.assert(
      fc.property(finishing, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (finished, passed) => {
        const ledger = new Ledger();
        const entries = passed.map((pass, place) => {
          if (!pass) return ledger.take(place, 1);
          ledger.pass(place, 1);
          return undefined;
        });
        for (const place of finished) {
          const entry = entries[place];
          if (entry !== undefined) ledger.finish(entry);
        }
        const first = entries.findIndex((entry, place) => entry !== undefined && !finished.includes(place));
        const done = first < 0 ? 30 : first;
        expect(ledger.reached()).to.deep.equal({ place: done === 0 ? undefined : done - 1, count: done });
      }),
    );
  });
});

describe('the line of messages that are tried again', () => {
  it('keeps the order of the log, with replayed messages behind in the order in which they came', () => {
    const messages = fc.array(fc.record({ position: fc.nat({ max: 50 }), replayed: fc.boolean() }));
    fc.assert(
      fc.property(messages, (wanted) => {
        const queue = new Queue<Message>();
        for (const { position, replayed } of wanted) {
          const message: Message = { position, entry: replayed ? undefined : position, retries: 1 };
          queue.insert(message, (other) => goesBefore(message, other));
        }
        const fresh = wanted.filter(({ replayed }) => !replayed).map(({ position }) => position);
        const replayed = wanted.filter((one) => one.replayed).map(({ position }) => position);
        const expected = [...fresh.sort((a, b) => a - b), ...replayed];
        expect([...queue].map(({ position }) => position)).to.deep.equal(expected);
      }),
    );
  });

  it('gives back what was put in, however it is taken out', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 })), (indices) => {
        const queue = new Queue<number>();
        const model = Array.from({ length: 3000 }, (_, k) => k);
        for (const k of model) queue.push(k);
        for (let k = 0; k < 1500; k += 1) queue.remove(0);
        model.splice(0, 1500);
        for (const index of indices) {
          expect(queue.at(index)).to.equal(model[index]);
          queue.remove(index);
          model.splice(index, 1);
        }
        expect([...queue]).to.deep.equal(model);
      }),
      { numRuns: 20 },
    );
  });
});
