import { expect } from 'chai';
import { topicMatches } from '../../../src/embedded/broker/topics.js';

describe('topic patterns of the embedded broker', () => {
  const cases: readonly [pattern: string, key: string, matches: boolean][] = [
    ['order.created.v1', 'order.created.v1', true],
    ['order.created.v1', 'order.created.v2', false],
    ['order.created', 'order.created.v1', false],
    ['order.*.v1', 'order.created.v1', true],
    ['order.*.v1', 'order.v1', false],
    ['order.*', 'order.created.v1', false],
    ['*', 'order', true],
    ['*', '', true],
    ['#', 'order.created.v1', true],
    ['#', '', true],
    ['order.#', 'order', true],
    ['order.#', 'order.created.v1', true],
    ['order.#', 'orders.created', false],
    ['#.v1', 'order.created.v1', true],
    ['#.v1', 'v1', true],
    ['#.created.#', 'order.created.v1', true],
    ['#.created.#', 'order.paid.v1', false],
    ['*.#.v1', 'v1', false],
    ['*.#.v1', 'order.v1', true],
    ['order.cre*', 'order.created', false],
  ];
  for (const [pattern, key, expected] of cases) {
    it(`${pattern} ${expected ? 'matches' : 'does not match'} ${key === '' ? 'the empty key' : key}`, () => {
      expect(topicMatches(pattern, key)).to.equal(expected);
    });
  }
});
