import { expect } from 'chai';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { derivedCommandId, eventIdOf, freshCommandId, isFreshCommandId } from '../../../src/commands/identity.js';

/** It must never change: ids that are in logs were derived from it. */
const NAMESPACE = '5f0b1c1e-8d0a-4f63-9a39-6c1f7f6b2f0d';

describe('derived ids', () => {
  it('are the UUIDv5 of their names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (issuer, cause) => {
        const name = JSON.stringify(['command', issuer, cause, 'reserve', 's-1']);
        expect(derivedCommandId(issuer, cause, 'reserve', 's-1')).to.equal(v5(name, NAMESPACE));
      }),
    );
  });

  it('tell the decisions of two processes on one derived command from each other', () => {
    const command = derivedCommandId('placing', 'e1', 'reserve', 's-1');
    const decidedAt = (at: string): string => eventIdOf(command, 0, ['StockReserved', { qty: 1 }, { at }]);
    expect(decidedAt('12:00')).to.equal(decidedAt('12:00'));
    expect(decidedAt('12:00')).not.to.equal(decidedAt('12:01'));
    expect(decidedAt('12:00')).not.to.equal(eventIdOf(command, 1, ['StockReserved', { qty: 1 }, { at: '12:00' }]));
  });

  it('tell a command that was derived from one that nobody can have issued before', () => {
    expect(isFreshCommandId(derivedCommandId('placing', 'e1', 'reserve', 's-1'))).to.equal(false);
    expect(isFreshCommandId(freshCommandId())).to.equal(true);
  });
});
