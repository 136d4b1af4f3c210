import { expect } from 'chai';
import { formatOrderNumber, isOrderNumber, parseOrderNumber } from '../../../../src/domain/kernel/orderNumber.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

describe('an order number', () => {
  it('is sixty bits in groups of four, and a check symbol', () => {
    expect(formatOrderNumber(bytes('0000000000000000'))).to.equal('0000-0000-0000-0');
    // 1 is the last of the sixty bits: its check symbol is 1 modulo 37
    expect(formatOrderNumber(bytes('0000000000000010'))).to.equal('0000-0000-0001-1');
    // 2^60 − 1 is 9 modulo 37
    expect(formatOrderNumber(bytes('ffffffffffffffff'))).to.equal('ZZZZ-ZZZZ-ZZZZ-9');
  });

  it('uses the first sixty bits alone', () => {
    expect(formatOrderNumber(bytes('0123456789abcdef'))).to.equal(formatOrderNumber(bytes('0123456789abcde0ffff')));
  });

  it('is checked by its last symbol, which goes beyond the thirty-two', () => {
    // 32 is the first number whose check symbol is none of the others
    expect(formatOrderNumber(bytes('0000000000000200'))).to.equal('0000-0000-0010-*');
    expect(isOrderNumber('0000-0000-0010-*')).to.equal(true);
    expect(isOrderNumber('0000-0000-0010-0')).to.equal(false);
  });

  it('is understood as people write it', () => {
    const number = formatOrderNumber(bytes('0123456789abcdef'));
    expect(number).to.match(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-.$/);
    expect(parseOrderNumber(number.toLowerCase().replaceAll('-', ''))).to.equal(number);
    expect(parseOrderNumber('oooo-oooo-oool-i')).to.equal('0000-0000-0001-1');
    expect(isOrderNumber('oooo-oooo-oool-i')).to.equal(false);
  });

  it('tells a wrong symbol, a swap and a wrong length', () => {
    const number = formatOrderNumber(bytes('0123456789abcdef'));
    const plain = number.replaceAll('-', '');
    for (let place = 0; place < 12; place++) {
      const wrong = plain[place] === '7' ? '8' : '7';
      expect(parseOrderNumber(plain.slice(0, place) + wrong + plain.slice(place + 1))).to.equal(undefined);
    }
    expect(parseOrderNumber(`${plain[1]}${plain[0]}${plain.slice(2)}`)).to.equal(undefined);
    expect(parseOrderNumber(plain.slice(1))).to.equal(undefined);
    expect(parseOrderNumber('UUUU-0000-0000-0')).to.equal(undefined);
  });

  it('needs eight bytes', () => {
    expect(() => formatOrderNumber(bytes('00'))).to.throw(RangeError, '8 bytes');
  });
});
