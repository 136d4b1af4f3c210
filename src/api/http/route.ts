import type { Either } from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../commands/executor/contract.js';
import type { Problem } from '../problems/problem.js';
import type { ProblemSlug } from '../problems/types.js';
import type { Schema } from '../schema/schema.js';
import type { StreamedEvent } from './eventStream.js';
import type { IfMatch } from './preconditions.js';
import type { Preferences } from './prefer.js';

export type Method = 'get' | 'put' | 'post' | 'delete';

/** A query parameter: how its text is read, and whether it may come several times. */
export interface QueryParameter<A> {
  readonly schema: Schema<A>;
  readonly repeatable?: boolean;
}

/** The headers that a route takes beyond the usual ones. */
export type RequestHeader =
  | 'Idempotency-Key'
  | 'If-Match'
  | 'If-None-Match'
  | 'Last-Event-ID'
  | 'Prefer'
  | 'Stripe-Signature'
  | 'Carrier-Signature';

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  /** Instead of a body: a text that is sent as it stands, of another media type or JSON already. */
  readonly text?: { readonly type: string; readonly content: string };
  /** Instead of a body: events that are sent as they come, until patience ends. Not asked for where there is no room. */
  readonly events?: (patience: AbortSignal) => AsyncIterable<StreamedEvent>;
  /** The entity tag without quotes: `r17`. A matching If-None-Match on GET becomes 304. */
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Nothing was written, since it was so already: `by-key` where only a request with the same Idempotency-Key can have made it
   * so, `by-state` where it may have been another one.
   */
  readonly nothingNew?: 'by-key' | 'by-state';
  /** Up to which commit position of the log somebody has to read to find what was written; null: nothing was. */
  readonly position?: bigint | null;
}

export type Outcome = Either<Problem, Answer>;

/** A request that has passed every check of form. */
export interface Incoming<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The bytes of the body, for routes that take them as they are. */
  readonly rawBody: Buffer;
  readonly ifMatch: IfMatch | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly prefer: Preferences;
  /** Path and query as they came. */
  readonly url: string;
  /** A header as it came. */
  readonly header: (name: string) => string | undefined;
  /** Who asks, when and by which command id: a new command each time it is called. */
  readonly commandContext: () => CommandContext;
  /** Aborted when the client is gone or the server is about to stop: nobody waits any longer then. */
  readonly patience: () => AbortSignal;
}

/** What the API document says of one possible answer. */
export interface AnswerDescription {
  readonly description: string;
  readonly schema?: Schema<unknown>;
  readonly mediaType?: string;
  readonly headers?: readonly string[];
}

type Values<Declared> = {
  readonly [K in keyof Declared]: Declared[K] extends Schema<infer A> ? A : never;
};
type QueryValues<Declared> = {
  readonly [K in keyof Declared]?: Declared[K] extends { schema: Schema<infer A>; repeatable: true }
    ? readonly A[]
    : Declared[K] extends { schema: Schema<infer A> }
      ? A
      : never;
};

/** One operation: all that routing, checking and documenting need to know of it. */
export interface Route<
  Params extends Readonly<Record<string, Schema<unknown>>> = Readonly<Record<string, Schema<unknown>>>,
  Query extends Readonly<Record<string, QueryParameter<unknown>>> = Readonly<Record<string, QueryParameter<unknown>>>,
  Body = unknown,
> {
  readonly method: Method;
  /** With `{name}` for each path parameter, as OpenAPI writes it. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  readonly headers: readonly RequestHeader[];
  readonly needsIdempotencyKey?: boolean;
  /** Knows by itself which body came with which key, since what it makes says so. */
  readonly remembersKeys?: boolean;
  /** Absent: whatever body comes is not looked at. `optional`: no body is as good as `{}`. `raw`: bytes, any media type. */
  readonly body?: { readonly schema: Schema<Body>; readonly optional?: boolean } | 'raw';
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Problems of its own, beside those that every route can answer. */
  readonly problems: readonly ProblemSlug[];
  readonly produces?: string;
  readonly handle: (incoming: Incoming<Values<Params>, QueryValues<Query>, Body>) => Promise<Outcome> | Outcome;
}

/** Checks a route's types where it is written and forgets them, so that all stand in one list. */
export const route = <
  Params extends Readonly<Record<string, Schema<unknown>>>,
  const Query extends Readonly<Record<string, QueryParameter<unknown>>>,
  Body = unknown,
>(
  definition: Route<Params, Query, Body>,
): Route => definition as unknown as Route;
