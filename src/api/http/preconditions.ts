import * as E from 'fp-ts/lib/Either.js';
import { type Problem, problem } from '../problems/problem.js';

/** What `If-Match` demands: a revision, or only that the thing exists. */
export type IfMatch = number | 'exists';

/** A well-formed tag that is none of ours: no stream ever stands there. */
const NO_SUCH_REVISION = -2;

const ENTITY_TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const OUR_TAG = /^r(0|[1-9][0-9]{0,14})$/;

/** The entity tag of a revision, without quotes. */
export const revisionTag = (revision: number): string => `r${revision}`;

/**
 * Reads If-Match (RFC 9110, 13.1.1) as far as one revision can answer it. The weak form of our own tag, which
 * compressing proxies make of it, is accepted; a foreign tag is well-formed and matches nothing.
 */
export function readIfMatch(header: string | undefined): E.Either<Problem, IfMatch | undefined> {
  if (header === undefined) return E.right(undefined);
  const value = header.trim();
  if (value === '*') return E.right('exists');
  const tag = ENTITY_TAG.exec(value)?.[1];
  if (tag === undefined) {
    return E.left(problem('malformed-parameter', 'If-Match must be one entity tag such as "r17", or *'));
  }
  const revision = OUR_TAG.exec(tag)?.[1];
  return E.right(revision === undefined ? NO_SUCH_REVISION : Number(revision));
}

/** Whether an If-None-Match header (RFC 9110, 13.1.2) names the tag, by weak comparison. */
export function noneMatchNames(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === `"${tag}"`);
}
