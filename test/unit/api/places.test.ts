import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { country, wrongPostalCode } from '../../../src/api/schema/places.js';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const countries = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter((code) =>
  E.isRight(country.codec.decode(code)),
);

describe('places', () => {
  it('are in the 249 countries of ISO 3166-1, each of which has a name', () => {
    expect(countries).to.have.length(249);
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countries.filter((code) => names.of(code) === undefined)).to.deep.equal([]);
  });

  it('have postal codes as they are written there, and any where that is not known', () => {
    const right: readonly (readonly [string, string])[] = [
      ['DE', '10115'],
      ['CH', '8001'],
      ['SE', '111 20'],
      ['SE', '11120'],
      ['US', '10001-1234'],
      ['NL', '1011 ab'],
      ['GB', 'EC1A1BB'],
      ['CA', 'k1a 0b1'],
      ['JP', '100-0001'],
      ['AE', 'none'],
    ];
    for (const [code, postalCode] of right) {
      expect(wrongPostalCode({ country: code, postalCode }), postalCode).to.equal(undefined);
    }
    expect(wrongPostalCode({ country: 'DE' })).to.equal(undefined);
    // the example of every country is one of its own
    for (const code of countries) {
      const example = wrongPostalCode({ country: code, postalCode: '?' })?.text.split('such as ')[1];
      if (example !== undefined)
        expect(wrongPostalCode({ country: code, postalCode: example }), code).to.equal(undefined);
    }
  });
});
