import * as E from 'fp-ts/lib/Either.js';
import { type Problem, problem } from '../problems/problem.js';
import { faultOf, type Schema } from '../schema/schema.js';
import type { QueryParameter } from './route.js';

/** Decodes path parameters. An id of the wrong form names nothing, so it is not found without a look anywhere. */
export function decodeParams(
  declared: Readonly<Record<string, Schema<unknown>>>,
  given: Readonly<Record<string, string | string[] | undefined>>,
): E.Either<Problem, Readonly<Record<string, unknown>>> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(declared)) {
    const decoded = schema.codec.decode(given[name]);
    if (E.isLeft(decoded)) {
      const [error] = decoded.left;
      return E.left(
        problem('not-found', `nothing has this ${name}: it ${error ? faultOf(error).text : 'is malformed'}`),
      );
    }
    values[name] = decoded.right;
  }
  return E.right(values);
}

/**
 * Decodes the query. A name that the route does not know is refused: a filter that is misspelt and ignored would give a
 * wrong answer without a word.
 */
export function decodeQuery(
  declared: Readonly<Record<string, QueryParameter<unknown>>>,
  url: string,
): E.Either<Problem, Readonly<Record<string, unknown>>> {
  const start = url.indexOf('?');
  if (start < 0) return E.right({});
  const given = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const values: Record<string, unknown> = {};
  for (const [name, texts] of given) {
    const parameter = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (!parameter) return refuse(name, 'is not known here');
    if (texts.length > 1 && parameter.repeatable !== true) return refuse(name, 'may come only once');
    const decoded: unknown[] = [];
    for (const text of texts) {
      const one = parameter.schema.codec.decode(text);
      if (E.isLeft(one)) return refuse(name, one.left[0] ? faultOf(one.left[0]).text : 'is malformed');
      decoded.push(one.right);
    }
    values[name] = parameter.repeatable === true ? decoded : decoded[0];
  }
  return E.right(values);
}

const LONGEST_NAME = 60;

function refuse(name: string, text: string): E.Either<Problem, never> {
  const shown = name.slice(0, LONGEST_NAME);
  return E.left(
    problem('malformed-parameter', `the query parameter ${shown} ${text}`, { extensions: { parameter: shown } }),
  );
}
