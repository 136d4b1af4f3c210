import { once } from 'node:events';
import type { Response } from 'express';

/** One event of a stream (WHATWG HTML, 9.2.6). */
export interface StreamedEvent {
  /** Its kind: no line break. */
  readonly event: string;
  /** What a client that comes back names in Last-Event-ID: no line break, no NUL. */
  readonly id: string;
  /** JSON as `JSON.stringify` writes it: without line breaks. */
  readonly json: string;
}

/** How streams behave in time, in milliseconds, and how many there may be. */
export interface StreamLimits {
  /** Streams of one process at the same time. */
  readonly most: number;
  /** A client hears something as often as that; who takes nothing for twice as long is disconnected. */
  readonly heartbeatMs: number;
}

/** Proxies close what is silent for a minute or less; WHATWG HTML, 9.2.7, advises a comment every 15 seconds. */
export const STREAM_LIMITS: StreamLimits = { most: 1_000, heartbeatMs: 15_000 };

export const EVENT_STREAM = 'text/event-stream';
/** When a client whose connection ended comes back. */
const RETRY_MS = 2_000;
const LAST_BYTES_MS = 1_000;
/** What is handed to the connection at a time: so it is seen whether a client takes something of a large event. */
const SLICE_BYTES = 64 * 1024;
const COMMENT = ':\n\n';

/** Counts the streams of a process. */
export class OpenStreams {
  #open = 0;

  constructor(readonly limits: StreamLimits) {}

  /** Whether there is room for one more; then it is counted until {@link end}. */
  begin(): boolean {
    if (this.#open >= this.limits.most) return false;
    this.#open += 1;
    return true;
  }

  end(): void {
    this.#open -= 1;
  }
}

/**
 * Sends events until they end or patience does; then the client comes back by itself. An event is taken only when those
 * before are on their way, so that of a stream at most one waits here; a client that takes nothing is cut off.
 *
 * @param patience ends with the client, and when the server is about to stop
 * @throws what the events throw, with the stream left as it is
 */
export async function sendEvents(
  res: Response,
  events: AsyncIterable<StreamedEvent>,
  patience: AbortSignal,
  { heartbeatMs }: StreamLimits,
): Promise<void> {
  // a proxy that collects what it passes on would keep events back
  res.writeHead(200, { 'Content-Type': `${EVENT_STREAM}; charset=utf-8`, 'X-Accel-Buffering': 'no' });
  res.write(`retry: ${RETRY_MS}\n\n`);
  let inside = false;
  let behind = false;
  res.on('drain', () => (behind = false));
  const heart = setInterval(() => {
    if (!inside && !res.writableNeedDrain) res.write(COMMENT);
    else if (behind) res.destroy();
    else behind = true;
  }, heartbeatMs);
  try {
    for await (const event of events) {
      inside = true;
      await send(res, textOf(event), patience);
      inside = false;
      if (patience.aborted) break;
    }
  } finally {
    clearInterval(heart);
  }
  finish(res);
}

async function send(res: Response, text: string, patience: AbortSignal): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (res.write(bytes.subarray(at, at + SLICE_BYTES))) continue;
    await once(res, 'drain', { signal: patience }).catch(() => undefined);
    if (patience.aborted) return;
  }
}

const textOf = ({ event, id, json }: StreamedEvent): string => `event: ${event}\nid: ${id}\ndata: ${json}\n\n`;

/** Nobody waits for the last bytes of a client that does not read. */
function finish(res: Response): void {
  if (res.writableNeedDrain) return void res.destroy();
  const late = setTimeout(() => res.destroy(), LAST_BYTES_MS);
  res.once('close', () => clearTimeout(late));
  res.end();
}
