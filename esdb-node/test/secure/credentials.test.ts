import { expect } from 'chai';
import fc from 'fast-check';
import { parseCredentials } from '../../src/access/credentials.js';

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('credentials of a call', () => {
  it('are whatever name without a colon and whatever password was encoded', () => {
    const name = fc.string({ unit: 'binary' }).filter((text) => !text.includes(':'));
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary' }), (user, password) => {
        const found = parseCredentials(`Basic ${encoded(`${user}:${password}`)}`);
        expect(found).to.deep.equal({ kind: 'basic', name: user, password });
      }),
    );
  });

  for (const header of [
    undefined,
    '',
    'Bearer abc',
    'Digest abc',
    `basic ${encoded('a:b')}`,
    `Basic ${encoded('a')}`,
  ]) {
    it(`are none in ${header === undefined ? 'no header' : `'${header}'`}`, () => {
      expect(parseCredentials(header)).to.deep.equal({ kind: 'none' });
    });
  }

  for (const header of ['Basic', 'Basic ', 'Basic !!!', 'Basic a b']) {
    it(`are broken in '${header}'`, () => {
      expect(parseCredentials(header)).to.deep.equal({ kind: 'broken' });
    });
  }
});
