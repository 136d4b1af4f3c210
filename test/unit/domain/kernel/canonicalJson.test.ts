import { expect } from 'chai';
import { canonicalJson } from '../../../../src/domain/kernel/canonicalJson.js';

describe('canonical JSON', () => {
  it('is the same whatever the order of the members', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'ü' }] })).to.equal('{"a":[{"c":"ü","d":null}],"b":1}');
    expect(canonicalJson({ a: [{ c: 'ü', d: null }], b: 1 })).to.equal(
      canonicalJson({ b: 1, a: [{ d: null, c: 'ü' }] }),
    );
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: true })).to.equal('{"b":true}');
    expect(canonicalJson([undefined])).to.equal('[null]');
  });

  it('keeps the order of a list', () => {
    expect(canonicalJson([2, 1])).to.equal('[2,1]');
  });

  it('refuses what JSON cannot say', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, undefined]) {
      expect(() => canonicalJson(value)).to.throw(TypeError);
    }
  });
});
