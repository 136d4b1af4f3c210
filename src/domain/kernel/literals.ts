import * as t from 'io-ts';

/** One of a few fixed texts. */
export const literals = <K extends string>(...keys: readonly K[]): t.Type<K, K, unknown> =>
  t.keyof(Object.fromEntries(keys.map((key) => [key, null])) as Record<K, null>);
