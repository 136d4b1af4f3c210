import type { AnswerDescription, RequestHeader, Route } from '../http/route.js';
import { PROBLEM_TYPES, type ProblemSlug } from '../problems/types.js';
import { integer, matching, text } from '../schema/primitives.js';
import { described, type JsonSchema, named, type Schema } from '../schema/schema.js';
import { list, object, referTo } from '../schema/structures.js';
import { HEADERS_OF_ANSWERS, HEADERS_OF_REQUESTS } from './headers.js';

/** An OpenAPI 3.1 document, as plain JSON. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface ResponseObject {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Which kinds of problems come with this status, by the last part of their `type`. */
  readonly 'x-problems'?: readonly ProblemSlug[];
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

const TAGS = [
  { name: 'Orders', description: 'Place orders, follow them, cancel them, and read their history.' },
  { name: 'Offers', description: 'What can be ordered, and for how much.' },
  { name: 'Stock', description: 'How much of it is there.' },
  { name: 'Kitchen', description: 'What has to be made, and how far it is.' },
  { name: 'Delivery', description: 'What is sent, and how far it has come.' },
  { name: 'Webhooks', description: 'What others tell us.' },
  { name: 'Administration', description: 'What could not be handled, and read models made anew.' },
  { name: 'System', description: 'This document, and how the server is.' },
];

/** Problems that any route can answer with. */
export const COMMON: readonly ProblemSlug[] = [
  'not-found',
  'method-not-allowed',
  'not-acceptable',
  'internal',
  'unreadable-event',
  'unavailable',
];
const WITH_QUERY: readonly ProblemSlug[] = ['malformed-parameter'];
const WITH_BODY: readonly ProblemSlug[] = [
  'malformed-json',
  'unsupported-media-type',
  'too-large',
  'validation-failed',
];
const WITH_COMMAND: readonly ProblemSlug[] = ['request-in-progress'];
const WITH_KEY: readonly ProblemSlug[] = ['idempotency-key-reused'];

/** What quotes the request may hold anything that the request held. */
const quoting = matching(/[^]*/, 'a text');

/** Every problem document: RFC 9457 with members of our own. */
const closedProblem = object(
  {
    type: described(text(200), 'Which kind of problem; never changes its meaning', '/problems/validation-failed'),
    title: text(200),
    status: integer(400, 599),
    detail: quoting,
    instance: described(quoting, 'The path that was asked for'),
    requestId: described(text(200), 'Leads to the request in the log'),
    code: described(integer(10_000, 99_999), 'The number of the domain', 10001),
  },
  {
    errors: described(
      list(
        named(
          'ProblemError',
          object({
            pointer: { json: { type: 'string', format: 'json-pointer' }, codec: quoting.codec },
            code: text(100),
            detail: quoting,
          }),
        ),
      ),
      'All that is wrong, each with a JSON Pointer (RFC 6901) into the body',
    ),
  },
);

export const problemSchema = named('Problem', {
  ...closedProblem,
  // RFC 9457, 3.2: each type may add members of its own
  json: { ...closedProblem.json, additionalProperties: true },
});

/** Puts the document together from the routes themselves, so that it can say nothing that they do not do. */
export function apiDocument(routes: readonly Route[], version: string): ApiDocument {
  const schemas = new Map<string, JsonSchema>();
  const use = (schema: Schema<unknown>): JsonSchema => {
    collect(schema, schemas);
    return referTo(schema);
  };
  use(problemSchema);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method] = operation(route, use);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comanda',
      version,
      description:
        'Order backend for shops and restaurants. Money is in the minor unit of its currency; times are RFC 3339 in UTC; ' +
        'ids are opaque. Errors are problem documents (RFC 9457). HEAD goes wherever GET does, OPTIONS names the methods.',
    },
    tags: TAGS,
    paths,
    components: { schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

type Use = (schema: Schema<unknown>) => JsonSchema;

function operation(route: Route, use: Use): Operation {
  const { operationId, tag, summary, description, body } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parametersOf(route, use),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body === 'raw' || body.optional !== true,
            content: { 'application/json': body === 'raw' ? {} : { schema: use(body.schema) } },
          },
        }),
    responses: { ...answersOf(route, use), ...problemsOf(route) },
  };
}

function parametersOf(route: Route, use: Use): readonly Parameter[] {
  return [
    ...Object.entries(route.params).map(([name, schema]) => ({
      name,
      in: 'path' as const,
      required: true,
      schema: use(schema),
    })),
    ...Object.entries(route.query).map(([name, { schema, repeatable }]) => ({
      name,
      in: 'query' as const,
      required: false,
      schema: repeatable === true ? { type: 'array', items: use(schema) } : use(schema),
    })),
    ...route.headers.map((name: RequestHeader) => ({
      name,
      in: 'header' as const,
      required: name === 'Idempotency-Key' && route.needsIdempotencyKey === true,
      ...HEADERS_OF_REQUESTS[name],
    })),
  ];
}

function answersOf({ answers, produces, headers: taken }: Route, use: Use): Record<string, ResponseObject> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]: [string, AnswerDescription]) => {
      const mediaType = answer.mediaType ?? produces ?? 'application/json';
      const ofRepeats = taken.includes('Idempotency-Key') ? ['Idempotent-Replayed'] : [];
      const headers = ['X-Request-Id', ...(answer.headers ?? []), ...ofRepeats];
      return [
        status,
        {
          description: answer.description,
          headers: Object.fromEntries(
            headers.map((name) => [name, HEADERS_OF_ANSWERS[name] ?? { schema: { type: 'string' } }]),
          ),
          ...(answer.schema
            ? { content: { [mediaType]: { schema: use(answer.schema) } } }
            : answer.mediaType === undefined
              ? {}
              : { content: { [mediaType]: {} } }),
        },
      ];
    }),
  );
}

/** One response a status, which names the kinds of problems that come with it. */
function problemsOf(route: Route): Record<string, ResponseObject> {
  const slugs = new Set<ProblemSlug>([
    ...COMMON,
    ...WITH_QUERY,
    ...(route.body === undefined ? [] : route.body === 'raw' ? (['too-large'] as const) : WITH_BODY),
    ...(route.method === 'get' || route.body === 'raw' ? [] : WITH_COMMAND),
    ...(route.body !== undefined && route.headers.includes('Idempotency-Key') ? WITH_KEY : []),
    ...route.problems,
  ]);
  const byStatus = new Map<number, ProblemSlug[]>();
  for (const slug of slugs) {
    const { status } = PROBLEM_TYPES[slug];
    byStatus.set(status, [...(byStatus.get(status) ?? []), slug]);
  }
  // a status that the route answers on purpose is described there
  const own = new Set(Object.keys(route.answers).map(Number));
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !own.has(status))
      .map(([status, kinds]) => [
        String(status),
        {
          description: kinds.map((slug) => `${slug}: ${PROBLEM_TYPES[slug].title}`).join('. '),
          content: { 'application/problem+json': { schema: referTo(problemSchema) } },
          'x-problems': kinds,
        },
      ]),
  );
}

function collect(schema: Schema<unknown>, into: Map<string, JsonSchema>): void {
  if (schema.component !== undefined) into.set(schema.component, schema.json);
  for (const part of schema.parts ?? []) collect(part, into);
}
