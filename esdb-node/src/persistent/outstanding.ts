import type { Consumer } from './consumer.js';
import { goesBefore } from './message.js';
import type { Message } from './message.js';

/** A message that is with a consumer. Times in milliseconds since 1970. */
export interface Sent {
  readonly message: Message;
  readonly consumer: Consumer;
  readonly sentAt: number;
  readonly expires: number;
}

interface Held extends Sent {
  /** Earlier messages whose events have the same id: an answer to one is an answer to all. */
  readonly twins: readonly Message[];
}

/**
 * The messages that consumers hold, by the id of their event. All wait equally long, so their order is that of their
 * expiry: no timer for each, the oldest ones are looked at once a second.
 */
export class Outstanding {
  private readonly byId = new Map<string, Held>();

  get count(): number {
    return this.byId.size;
  }

  add(id: string, sent: Sent): void {
    const twins = this.remove(id);
    this.byId.set(id, { ...sent, twins });
    sent.consumer.inFlight += 1;
  }

  /** Takes back the messages with an event of this id, because the consumer answered; none when there are none. */
  take(id: string, now: number): Message[] {
    const held = this.byId.get(id);
    held?.consumer.latencies.add(now - held.sentAt);
    return this.remove(id);
  }

  takeExpired(now: number): Message[] {
    const expired: string[] = [];
    for (const [id, { expires }] of this.byId) {
      if (expires > now) break;
      expired.push(id);
    }
    return expired.flatMap((id) => this.remove(id));
  }

  /** Takes back what a consumer holds, in the order of the log. */
  takeFrom(consumer: Consumer): Message[] {
    const held = [...this.byId].filter(([, sent]) => sent.consumer === consumer);
    return held.flatMap(([id]) => this.remove(id)).sort((a, b) => (goesBefore(a, b) ? -1 : goesBefore(b, a) ? 1 : 0));
  }

  private remove(id: string): Message[] {
    const held = this.byId.get(id);
    if (!held) return [];
    this.byId.delete(id);
    held.consumer.inFlight -= 1;
    return [...held.twins, held.message];
  }
}
