import * as t from 'io-ts';

/**
 * Personal data as events carry it: encrypted under the key of whom it is about, so that it is gone when the key is. The
 * domain passes it on and never looks inside.
 */
export type Sealed = string & { readonly __brand: 'Sealed' };

export const SealedCodec = new t.Type<Sealed, string, unknown>(
  'sealed',
  (value): value is Sealed => typeof value === 'string' && value !== '',
  (value, context) =>
    typeof value === 'string' && value !== '' ? t.success(value as Sealed) : t.failure(value, context),
  (sealed) => sealed,
);
