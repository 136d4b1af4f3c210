/** One place where two JSON values differ; a value that is not there is undefined. */
export interface Unlike {
  /** `lines[0].qty`; empty for the whole value. */
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place where `found` differs from `expected`, both plain JSON; the order of an object's fields does not count. */
export function* unlike(expected: unknown, found: unknown, path = ''): Generator<Unlike, void, undefined> {
  if (Array.isArray(expected) && Array.isArray(found)) {
    for (let index = 0; index < Math.max(expected.length, found.length); index++) {
      yield* unlike(expected[index], found[index], `${path}[${index}]`);
    }
  } else if (isObject(expected) && isObject(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      yield* unlike(expected[key], found[key], path === '' ? key : `${path}.${key}`);
    }
  } else if (expected !== found) {
    yield { path, expected, found };
  }
}
