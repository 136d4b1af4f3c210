import type { LRUCache } from 'lru-cache';
import { TOMBSTONE, idOf } from '../protocol/recorded.js';
import type { StreamHead } from '../storage/storage.js';
import type { Expected } from './expected.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './expected.js';
import type { Heads } from './heads.js';

/** Where an event id was last written: what makes an append with ANY idempotent, as far as it reaches. */
export interface Seen {
  readonly stream: string;
  readonly revision: number;
}
export type SeenIds = LRUCache<string, Seen>;

/** What is to be done with a write. */
export type Verdict =
  | { readonly kind: 'write' }
  /** It is there already: answer as the first time. */
  | { readonly kind: 'repeated'; readonly revision: number }
  | { readonly kind: 'wrongExpectedVersion'; readonly actual: number }
  | { readonly kind: 'deleted' };

const WRITE: Verdict = { kind: 'write' };
const DELETED: Verdict = { kind: 'deleted' };
const conflict = (head: StreamHead): Verdict => ({ kind: 'wrongExpectedVersion', actual: head.lastRevision });

/** The state of the stream that a write is checked against. */
export interface Target {
  readonly stream: string;
  readonly head: StreamHead;
  readonly softDeleted: boolean;
  /** Whether the stream has metadata: a stream without events exists all the same then. */
  readonly hasMetadata: boolean;
}

/**
 * Decides on a write as a real server does: by the expected revision, and by the event ids where the same write may have been
 * made before. With an explicit revision the ids are compared with what is stored at that place; with ANY and STREAM_EXISTS
 * only ids that were seen lately count.
 */
export const check = (
  target: Target,
  expected: Expected,
  ids: readonly string[],
  heads: Heads,
  seen: SeenIds,
): Verdict => {
  const { head, softDeleted } = target;
  if (head.lastRevision === TOMBSTONE) return DELETED;
  if (expected === STREAM_EXISTS) {
    if (softDeleted) return DELETED;
    if (head.lastRevision < 0 && !target.hasMetadata) return conflict(head);
  }
  if (expected === ANY || expected === STREAM_EXISTS) return checkBySeenIds(target, ids, seen);
  if (expected > BigInt(head.lastRevision)) return conflict(head);
  if (expected === BigInt(head.lastRevision)) return WRITE;
  return checkByPlace(target, Number(expected), ids, heads);
};

const checkBySeenIds = (target: Target, ids: readonly string[], seen: SeenIds): Verdict => {
  const known = ids.map((id) => seen.get(id)).map((at) => (at?.stream === target.stream ? at.revision : undefined));
  const [first] = known;
  if (first === undefined) return WRITE;
  if (known.includes(undefined)) return conflict(target.head);
  const last = known.at(-1) as number;
  // the same ids in another order: a real server never answers
  return last < first ? conflict(target.head) : { kind: 'repeated', revision: last };
};

const checkByPlace = (target: Target, expected: number, ids: readonly string[], heads: Heads): Verdict => {
  let revision = expected;
  for (const id of ids) {
    revision += 1;
    const stored = heads.eventAt(target.head, revision);
    if (stored && idOf(stored.bytes) === id) continue;
    const first = revision === expected + 1;
    return first && target.softDeleted && BigInt(expected) === NO_STREAM ? WRITE : conflict(target.head);
  }
  return revision === expected ? conflict(target.head) : { kind: 'repeated', revision };
};
