import { expect } from 'chai';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { derivedCommandId, eventIdOf, freshCommandId, isFreshCommandId } from '../../../src/commands/identity.js';

/** It must never change: ids that are in logs were derived from it. */
const NAMESPACE = '5f0b1c1e-8d0a-4f63-9a39-6c1f7f6b2f0d';

describe('derived ids', () => {
  it('are the UUIDv5 of their names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (commandId, index) => {
        expect(eventIdOf(commandId, index)).to.equal(v5(`${commandId}/${index}`, NAMESPACE));
      }),
    );
  });

  it('tell a command that was derived from one that nobody can have issued before', () => {
    expect(isFreshCommandId(derivedCommandId('placing', 'e1', 'reserve', 's-1'))).to.equal(false);
    expect(isFreshCommandId(freshCommandId())).to.equal(true);
  });
});
