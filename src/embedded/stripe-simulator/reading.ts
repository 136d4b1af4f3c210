import { invalidRequest, noSuch } from './errors.js';
import type { Form } from './form.js';
import type { Kind, Records } from './records.js';
import { renderLine } from './objects/session.js';
import { render, type Rendering } from './render.js';
import { sessionOf } from './sessions.js';

/** What Stripe calls the kinds of objects, and the parameter that it names when there is no such one. */
const NAMES = {
  sessions: { what: 'checkout.session', param: 'session' },
  intents: { what: 'payment_intent', param: 'intent' },
  charges: { what: 'charge', param: 'charge' },
  refunds: { what: 'refund', param: 'refund' },
  disputes: { what: 'dispute', param: 'dispute' },
  events: { what: 'event', param: 'id' },
} as const;
const KIND_OF_PREFIX: Readonly<Record<string, Kind>> = {
  pi: 'intents',
  ch: 'charges',
  re: 'refunds',
  dp: 'disputes',
  cs: 'sessions',
};
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;
const MAX_EXPANSION_DEPTH = 4;
/** Records are in the order of their making, and their times nearly so: clocks are set back by less than this, in seconds. */
const CLOCK_SLACK = 3_600;

/** One object as Stripe shows it, its `expand` parameters followed; throws Stripe's 404. */
export function retrieve(kind: Kind, id: string, form: Form, rendering: Rendering): object {
  const expansions = form.texts('expand');
  form.finish();
  const record = rendering.reader.get(kind, id);
  if (!record) throw noSuch(NAMES[kind].what, id, NAMES[kind].param);
  return expanded(render(kind, record, rendering), expansions, rendering);
}

/** Puts whole objects where `expand` asks for them, for example `payment_intent.latest_charge`. */
export function expanded(object: object, paths: readonly string[], rendering: Rendering): object {
  const root = object as Record<string, unknown>;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > MAX_EXPANSION_DEPTH) {
      throw invalidRequest(`You cannot expand more than ${MAX_EXPANSION_DEPTH} levels of a property`, {
        param: 'expand',
      });
    }
    expand(root, steps, path, rendering);
  }
  return root;
}

function expand(object: Record<string, unknown>, steps: readonly string[], path: string, rendering: Rendering): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (step === 'line_items' && object['object'] === 'checkout.session') {
    object[step] = lineItems(String(object['id']), rendering);
    return;
  }
  const value = object[step];
  // nothing there to expand, as with the intent of a session that nobody has tried to pay
  if (value === null && EXPANDABLE.has(step)) return;
  const found = typeof value === 'string' && EXPANDABLE.has(step) ? lookUp(value, rendering) : value;
  if (typeof found !== 'object' || found === null) {
    throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
  }
  object[step] = found;
  if (Array.isArray(found)) {
    for (const element of found) expand(element as Record<string, unknown>, rest, path, rendering);
  } else {
    expand(found as Record<string, unknown>, rest, path, rendering);
  }
}

const EXPANDABLE = new Set(['payment_intent', 'latest_charge', 'charge']);

function lookUp(id: string, rendering: Rendering): object | undefined {
  const kind = KIND_OF_PREFIX[id.slice(0, id.indexOf('_'))];
  const record = kind && rendering.reader.get(kind, id);
  return record ? render(kind, record, rendering) : undefined;
}

/** `GET /v1/checkout/sessions/{id}/line_items`; all of them on one page, for there are 100 at most. */
export function lineItems(sessionId: string, rendering: Rendering): object {
  const session = sessionOf(rendering.reader, sessionId);
  return {
    object: 'list',
    data: session.lines.map((line) => renderLine(line, session)),
    has_more: false,
    url: `/v1/checkout/sessions/${sessionId}/line_items`,
  };
}

/** A page of a kind, newest first, with Stripe's cursors and the filters that belong to the kind. */
export function list(kind: Kind, url: string, form: Form, rendering: Rendering): object {
  const limit = form.integer('limit') ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw invalidRequest(`Limit must be between 1 and ${MAX_LIMIT}`, {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  }
  const after = cursor(kind, form.text('starting_after'), rendering);
  const before = cursor(kind, form.text('ending_before'), rendering);
  const { since, until } = createdWithin(form);
  const { candidates, matches } = selectionOf(kind, form, rendering);
  const expansions = form.texts('expand');
  form.finish();

  const found: Records[Kind][] = [];
  for (const record of candidates) {
    if (before !== undefined && record.seq <= before) break;
    if (since !== undefined && record.created < since - CLOCK_SLACK) break;
    if (after !== undefined && record.seq >= after) continue;
    if (since !== undefined && record.created < since) continue;
    if (until !== undefined && record.created >= until) continue;
    if (!matches(record)) continue;
    found.push(record);
    if (before === undefined && found.length > limit) break;
  }
  // a page that ends before a cursor is the one next to it, still newest first
  const page = before === undefined ? found.slice(0, limit) : found.slice(-limit);
  const answer = {
    object: 'list',
    data: page.map((record) => render(kind, record, rendering)),
    has_more: found.length > page.length,
    url,
  };
  return expanded(answer, expansions, rendering);
}

function cursor(kind: Kind, id: string | undefined, { reader }: Rendering): number | undefined {
  if (id === undefined) return undefined;
  const record = reader.get(kind, id);
  if (!record) throw noSuch(NAMES[kind].what, id, NAMES[kind].param);
  return record.seq;
}

/** The seconds from which on, and before which, a record must have been made. */
function createdWithin(form: Form): { readonly since?: number | undefined; readonly until?: number | undefined } {
  const created = form.form('created');
  if (!created) return {};
  const after = created.integer('gt');
  const last = created.integer('lte');
  return {
    since: created.integer('gte') ?? (after === undefined ? undefined : after + 1),
    until: created.integer('lt') ?? (last === undefined ? undefined : last + 1),
  };
}

interface Selection {
  /** Newest first; where a filter names what to look under, only that. */
  readonly candidates: Iterable<Records[Kind]>;
  readonly matches: (record: Records[Kind]) => boolean;
}

function selectionOf(kind: Kind, form: Form, { reader }: Rendering): Selection {
  const all = () => reader.newestFirst(kind);
  const intentOf = (id: string | undefined) => (id === undefined ? undefined : reader.get('intents', id));
  switch (kind) {
    case 'sessions': {
      const [intentId, status] = [form.text('payment_intent'), form.text('status')];
      const sessionId = intentOf(intentId)?.sessionId;
      const session = sessionId === undefined ? undefined : reader.get('sessions', sessionId);
      return {
        candidates: intentId === undefined ? all() : session ? [session] : [],
        matches: (record) => status === undefined || ('paymentStatus' in record && record.status === status),
      };
    }
    case 'disputes':
    case 'charges': {
      const intentId = form.text('payment_intent');
      return {
        candidates: all(),
        matches: (record) => intentId === undefined || ('intentId' in record && record.intentId === intentId),
      };
    }
    case 'refunds': {
      const [intentId, chargeId] = [form.text('payment_intent'), form.text('charge')];
      const under = chargeId ?? intentOf(intentId)?.latestChargeId;
      return {
        candidates: under !== undefined ? reader.refundsOf(under) : intentId === undefined ? all() : [],
        matches: () => true,
      };
    }
    case 'events': {
      const type = form.text('type');
      return {
        candidates: all(),
        matches: (record) => type === undefined || ('snapshot' in record && record.type === type),
      };
    }
    case 'intents':
      return { candidates: all(), matches: () => true };
  }
}
