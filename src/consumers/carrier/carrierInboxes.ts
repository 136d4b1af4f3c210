import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { WorkLoop } from '../../subscriptions/workLoop.js';
import type { SealedText } from '../ports/sealedText.js';
import { startInboxOf } from '../payment/webhookInbox/worker.js';
import { inboxNameOf } from './carrierWords.js';
import { recordCarrierWord } from './recordCarrierWord.js';

export interface CarrierInboxesParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly tenant: string;
  readonly database: Queryable;
  /** As the API sealed what it stored. */
  readonly sealed: SealedText;
  /** The carriers that we hear from. */
  readonly carriers: Iterable<string>;
  /** Told of what went wrong with a webhook, which is tried again. */
  readonly failed: (error: unknown, eventId?: string) => void;
}

/** Works what the carriers told us until stopped, one carrier beside the other. */
export function startCarrierInboxes({ carriers, ...parts }: CarrierInboxesParts): WorkLoop {
  const inboxes = [...carriers].map((carrier) =>
    startInboxOf({ ...parts, providerName: inboxNameOf(carrier), record: recordCarrierWord(parts, carrier) }),
  );
  return {
    wake: () => inboxes.forEach((inbox) => inbox.wake()),
    stop: async () => {
      await Promise.all(inboxes.map((inbox) => inbox.stop()));
    },
  };
}
