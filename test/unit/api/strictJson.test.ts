import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { parseStrictJson } from '../../../src/api/http/strictJson.js';

const DEPTH = 6;

/** A value, and how it might be spelt: blanks anywhere, letters of names escaped, properties in any number. */
interface Spelling {
  readonly text: string;
  readonly twice: boolean;
}

const blank = fc.constantFrom('', ' ', '\n', '\t', ' \r\n ');
const letter = fc.constantFrom('a', 'b', '\\u0061', '\\"', ':', '{', '}', '\\\\');
const name = fc.array(letter, { maxLength: 2 }).map((letters) => `"${letters.join('')}"`);
const scalar = fc.oneof(
  fc.constantFrom('true', 'false', 'null', '0', '-1.5e3', '"[:]"', '"\\\\"'),
  fc.string().map((text) => JSON.stringify(text)),
);
const { value } = fc.letrec<{ value: Spelling; list: Spelling; object: Spelling; leaf: Spelling }>((tie) => ({
  leaf: scalar.map((text) => ({ text, twice: false })),
  list: fc.tuple(blank, fc.array(tie('value'), { maxLength: 3 })).map(([space, items]) => ({
    text: `[${space}${items.map(({ text }) => text).join(`${space},`)}]`,
    twice: items.some(({ twice }) => twice),
  })),
  object: fc.tuple(blank, fc.array(fc.tuple(name, tie('value')), { maxLength: 3 })).map(([space, members]) => ({
    text: `{${members.map(([key, { text }]) => `${space}${key}${space}:${text}`).join(',')}${space}}`,
    twice:
      members.some(([, { twice }]) => twice) ||
      new Set(members.map(([key]) => JSON.parse(key) as string)).size < members.length,
  })),
  value: fc.oneof({ maxDepth: DEPTH - 1 }, tie('leaf'), tie('list'), tie('object')),
}));

describe('strict JSON', () => {
  it('is what JSON is, unless a property comes twice', () => {
    fc.assert(
      fc.property(value, ({ text, twice }) => {
        const parsed = parseStrictJson(text, DEPTH);
        if (!twice) {
          expect(parsed).to.deep.equal(E.right(JSON.parse(text)));
        } else if (E.isRight(parsed) || parsed.left._tag !== 'MalformedJson') {
          expect.fail(`${text} was taken`);
        } else {
          expect(parsed.left.reason).to.match(/comes twice$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is taken only where it is JSON, and refused with its place', () => {
    fc.assert(
      fc.property(
        value,
        fc.nat(),
        fc.constantFrom('', '"', '}', ':', ',', '\\', 'x', '\u0001'),
        ({ text }, at, change) => {
          const place = at % (text.length + 1);
          const changed = text.slice(0, place) + change + text.slice(place + 1);
          const parsed = parseStrictJson(changed, DEPTH);
          if (E.isLeft(parsed)) expect(parsed.left.offset).to.be.within(0, changed.length);
          else expect(parsed.right).to.deep.equal(JSON.parse(changed));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is refused where it is nested too deeply, whatever follows', () => {
    const parsed = parseStrictJson(`${'['.repeat(DEPTH + 1)}`, DEPTH);
    expect(parsed).to.deep.equal(E.left({ _tag: 'TooDeeplyNested', offset: DEPTH, limit: DEPTH }));
    expect(E.isRight(parseStrictJson(`${'['.repeat(DEPTH)}"[[[["${']'.repeat(DEPTH)}`, DEPTH))).to.equal(true);
  });
});
