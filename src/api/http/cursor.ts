import { createHmac, timingSafeEqual } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { type Problem, problem } from '../problems/problem.js';

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const LONGEST = 2_000;

/** Makes and reads the cursors of one list: opaque to clients, signed, bound to the filter that they came from. */
export interface Cursors<Place> {
  /** @param place where the next page begins; plain JSON */
  readonly write: (place: Place, filter: unknown) => string;
  readonly read: (cursor: string, filter: unknown) => E.Either<Problem, Place>;
}

/**
 * @param list its name, so that a cursor of one list is none of another
 * @param isPlace checks what was signed; an older program may have signed another form
 * @param now milliseconds; a cursor is good for a day
 */
export function cursors<Place>(
  secret: string | Buffer,
  list: string,
  isPlace: (value: unknown) => value is Place,
  now: () => number,
): Cursors<Place> {
  const sign = (payload: string, filter: unknown): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['cursor', list, filter, payload]))
      .digest()
      .subarray(0, 16);
  return {
    write: (place, filter) => {
      const payload = Buffer.from(JSON.stringify([place, now() + LIFETIME_MS])).toString('base64url');
      return `${payload}.${sign(payload, filter).toString('base64url')}`;
    },
    read: (cursor, filter) => {
      const [payload = '', signature = '', ...more] = cursor.length > LONGEST ? [] : cursor.split('.');
      // compared as text: several texts decode to the same bytes
      const given = Buffer.from(signature);
      const wanted = Buffer.from(sign(payload, filter).toString('base64url'));
      if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
        return E.left(problem('invalid-cursor', 'the cursor is altered, or comes from another list or filter'));
      }
      const [place, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [unknown, number];
      if (expiresAt < now())
        return E.left(problem('invalid-cursor', 'the cursor has expired: begin again without one'));
      if (!isPlace(place)) return E.left(problem('invalid-cursor', 'the cursor is of an older form: begin again'));
      return E.right(place);
    },
  };
}
