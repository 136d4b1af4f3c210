import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from './until.js';

/** An event as a client has it (WHATWG HTML, 9.2.6), its data parsed. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A client of an event stream that takes whatever comes. */
export interface StreamClient {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came so far, the oldest first. */
  readonly events: readonly ReceivedEvent[];
  readonly comments: () => number;
  /** Milliseconds after which the server wants to be asked again. */
  readonly retry: () => number | undefined;
  /** The answer where it is no event stream, once it is complete. */
  readonly body: () => Readonly<Record<string, unknown>>;
  /** Whether the server ended it; a connection that broke ended, too. */
  readonly ended: () => boolean;
  /** The first event that fits, come or to come. */
  readonly event: (what: string, fits: (event: ReceivedEvent) => boolean) => Promise<ReceivedEvent>;
  readonly close: () => void;
}

/** Opens a stream, or is refused it. */
export async function follow(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
  const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const events: ReceivedEvent[] = [];
  let comments = 0;
  let retry: number | undefined;
  let rest = '';
  let ended = false;
  const isStream = /^text\/event-stream/.test(answer.headers['content-type'] ?? '');
  const take = (block: string): void => {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.replace(/^\w*: ?/, '')]),
    );
    if (fields.has('')) comments += 1;
    if (fields.has('retry')) retry = Number(fields.get('retry'));
    const data = fields.get('data');
    if (data === undefined) return;
    events.push({
      event: fields.get('event') ?? 'message',
      id: fields.get('id') ?? '',
      data: JSON.parse(data) as ReceivedEvent['data'],
    });
  };
  answer.setEncoding('utf8');
  answer.on('data', (text: string) => {
    const mayEnd = text.startsWith('\n') || text.includes('\n\n');
    rest += text;
    // a large event comes in many pieces, and is looked through once
    if (!isStream || !mayEnd) return;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    blocks.forEach(take);
  });
  answer.on('error', () => undefined);
  request.on('error', () => undefined);
  answer.once('close', () => (ended = true));
  const client: StreamClient = {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    comments: () => comments,
    retry: () => retry,
    body: () => JSON.parse(rest) as ReceivedEvent['data'],
    ended: () => ended,
    event: async (what, fits) => {
      await until(what, () => events.some(fits), 20_000);
      return events.find(fits) as ReceivedEvent;
    },
    close: () => void request.destroy(),
  };
  if (!isStream) await until('the refusal is complete', () => ended);
  return client;
}
