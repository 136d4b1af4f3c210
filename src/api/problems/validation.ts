import type * as t from 'io-ts';
import { faultOf } from '../schema/schema.js';
import { type Problem, problem, type ProblemError } from './problem.js';

/** Somebody who sends a thousand wrong properties is told of the first of them. */
const MOST_ERRORS = 200;
const LONGEST_NAME = 80;

/** All that is wrong with a body, in one problem: each error with its pointer, its code and a text that names the item. */
export function validationFailed(errors: readonly t.ValidationError[], body: unknown): Problem {
  const found = errors.slice(0, MOST_ERRORS).map((error) => problemError(error, body));
  const count = errors.length === 1 ? 'one thing is' : `${errors.length} things are`;
  return problem('validation-failed', `${count} wrong with the body: ${found[0]?.detail ?? ''}`, { errors: found });
}

/** One error at a known place, for what no schema can see. */
export const invalidField = (pointer: string, code: string, detail: string): Problem =>
  problem('validation-failed', detail, { errors: [{ pointer, code, detail }] });

function problemError(error: t.ValidationError, body: unknown): ProblemError {
  const path = error.context.slice(1).map(({ key }) => key);
  const { code, text } = faultOf(error);
  return { pointer: pointerTo(path), code, detail: `${nameOf(path, body)} ${text}` };
}

/** JSON Pointer, RFC 6901. */
export const pointerTo = (path: readonly string[]): string =>
  path.map((key) => `/${shorten(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** `lines[2].quantity (sku 85123A)`: people look for the article, not for a number in a list. */
function nameOf(path: readonly string[], body: unknown): string {
  if (path.length === 0) return 'the body';
  const name = path.map(shorten).reduce((left, key) => (/^\d+$/.test(key) ? `${left}[${key}]` : `${left}.${key}`));
  const item = path[0] === 'lines' && path[1] !== undefined ? skuOfLine(body, path[1]) : undefined;
  return item === undefined ? name : `${name} (sku ${shorten(item)})`;
}

function skuOfLine(body: unknown, index: string): string | undefined {
  const lines = (body as { lines?: unknown }).lines;
  const line: unknown = Array.isArray(lines) ? lines[Number(index)] : undefined;
  if (typeof line !== 'object' || line === null || !('sku' in line)) return undefined;
  return typeof line.sku === 'string' && line.sku !== '' ? line.sku : undefined;
}

const shorten = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text);
