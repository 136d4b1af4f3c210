import type { ReadEvent } from '../protocol/readResp.js';
import { framedSize, writeFramed } from '../protocol/readResp.js';
import type { ServerCall } from '../transport/call.js';
import { FRAME_HEADER, writeFrameHeader } from '../transport/frames.js';

/** Bytes that are put together before they are handed to the connection. */
const CHUNK = 64 * 1024;

/** Gathers answers of a call into few large writes, and waits where the reader lags. */
export class Outbox {
  private parts: (ReadEvent | Uint8Array)[] = [];
  private size = 0;

  constructor(private readonly call: ServerCall) {}

  event(item: ReadEvent): void {
    this.parts.push(item);
    this.size += framedSize(item);
  }

  message(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.size += FRAME_HEADER + bytes.length;
  }

  get full(): boolean {
    return this.size >= CHUNK;
  }

  /** Hands over what was gathered; resolves when the reader is ready for more. */
  async flush(): Promise<void> {
    if (this.size === 0) return;
    const out = Buffer.allocUnsafe(this.size);
    let at = 0;
    for (const part of this.parts) {
      if (part instanceof Uint8Array) {
        at = writeFrameHeader(out, at, part.length);
        out.set(part, at);
        at += part.length;
      } else at = writeFramed(out, at, part);
    }
    this.parts = [];
    this.size = 0;
    if (!this.call.sendFrames(out)) await this.call.drained();
  }
}
