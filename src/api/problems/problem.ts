import { PROBLEM_TYPES, type ProblemSlug } from './types.js';

/** One thing that is wrong with a request: where (JSON Pointer, RFC 6901), a stable code, and a sentence that names it. */
export interface ProblemError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** A refusal on its way to the client. */
export interface Problem {
  readonly type: ProblemSlug;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  /** Further members of the problem document, such as `allowed` or `current`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What was asked for is on record, although nothing came of it: its Idempotency-Key names it from now on. */
  readonly onRecord?: true;
}

export const problem = (type: ProblemSlug, detail: string, more: Omit<Problem, 'type' | 'detail'> = {}): Problem => ({
  type,
  detail,
  ...more,
});

/** The document as RFC 9457 has it; `type` is relative to the server that answers. */
export const problemDocument = (
  { type, detail, errors, extensions }: Problem,
  { instance, requestId }: { readonly instance: string; readonly requestId: string },
): Readonly<Record<string, unknown>> => {
  const { status, title, code } = PROBLEM_TYPES[type];
  return {
    type: `/problems/${type}`,
    title,
    status,
    detail,
    instance,
    requestId,
    code,
    ...extensions,
    ...(errors === undefined ? {} : { errors }),
  };
};
