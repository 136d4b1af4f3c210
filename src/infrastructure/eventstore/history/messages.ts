import type { Stretch } from '../../../subscriptions/ports/logHistory.js';

/** What a reading thread is begun with. */
export interface ReadJob {
  readonly url: string;
  readonly stretch: Pick<Stretch, 'after' | 'categories'>;
}

/** What it says. */
export type FromThread =
  | { readonly kind: 'portion'; readonly packed: ArrayBuffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string };

/** What it hears: a portion was taken, there is room for another. */
export type ToThread = 'more';

/** Portions on their way to whoever takes them. */
export const PORTIONS_AHEAD = 4;

const LENGTH_BYTES = 4;

/** Many messages as one piece of memory, which changes threads without a copy: each behind its length. */
export function pack(answers: readonly Buffer[]): ArrayBuffer {
  const packed = new ArrayBuffer(answers.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const bytes = Buffer.from(packed);
  let at = 0;
  for (const answer of answers) {
    at = bytes.writeUInt32LE(answer.length, at);
    at += answer.copy(bytes, at);
  }
  return packed;
}

/** The messages again, as views. */
export function* unpack(packed: ArrayBuffer): Generator<Buffer, void, undefined> {
  const bytes = Buffer.from(packed);
  for (let at = 0; at < bytes.length;) {
    const from = at + LENGTH_BYTES;
    at = from + bytes.readUInt32LE(at);
    yield bytes.subarray(from, at);
  }
}
