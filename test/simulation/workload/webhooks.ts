import * as E from 'fp-ts/lib/Either.js';
import type { WebhookEvent } from '../../../src/consumers/payment/ports/webhookEvent.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { ask } from './client.js';

const RETRY_MS = 8_000;
const GIVEN_UP_AFTER = 40;

/** Sends what the provider has to tell: late, twice, in any order, or never; again and again until somebody takes it. */
export class Webhooks {
  /** Sent and not taken yet. */
  pending = 0;

  constructor(
    private readonly installation: Installation,
    private readonly random: Random,
  ) {}

  send(event: WebhookEvent): void {
    const { faults, scheduler } = this.installation;
    // the poll has to find out, or whoever compares the books; of other refunds only the provider tells
    const lost = event.object.kind === 'refund' ? 0.7 : 0.2;
    if (event.type !== 'refund.updated' && faults.happens('redelivered') && this.random.chance(lost)) return;
    const copies = faults.happens('redelivered') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = faults.happens('reordered') ? this.random.fraction() * 15_000 : this.random.fraction() * 40;
      this.pending += 1;
      scheduler.schedule(
        undefined,
        delay,
        `webhook ${event.type} ${event.id} is sent`,
        () => void this.#deliver(event),
      );
    }
  }

  async #deliver(event: WebhookEvent): Promise<void> {
    const { scheduler } = this.installation;
    const body = Buffer.from(JSON.stringify(event));
    for (let attempt = 1; attempt < GIVEN_UP_AFTER; attempt += 1) {
      try {
        await ask(this.installation, this.random, `webhook ${event.id}`, async ({ verification, inbox }) => {
          const verified = verification.verify(body, 'signed');
          if (E.isLeft(verified)) throw new Error('a webhook was taken for a forgery');
          await inbox.store(verified.right);
        });
        break;
      } catch {
        await new Promise<void>((resolve) =>
          scheduler.schedule(undefined, RETRY_MS, 'a webhook is sent again', resolve),
        );
      }
    }
    this.pending -= 1;
  }
}
