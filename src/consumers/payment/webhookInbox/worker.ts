import { startWorkLoop, type WorkLoop } from '../../../subscriptions/workLoop.js';
import type { Queryable } from '../../../subscriptions/ports/database.js';
import { inboxPlace, type SealedText } from '../../ports/sealedText.js';
import { type InboxEntry, InboxTable } from './inboxTable.js';
import { recordWebhook, type RecordWebhookParts } from './recordWebhook.js';

export interface WebhookInboxParts extends RecordWebhookParts {
  readonly database: Queryable;
  /** As the API sealed what it stored. */
  readonly sealed: SealedText;
  /** The provider whose webhooks these are, as the API stores it. */
  readonly providerName: string;
  /** Told of what went wrong with a webhook, which is tried again. */
  readonly failed: (error: unknown, eventId?: string) => void;
}

const LEASE_MS = 60_000;
const IDLE_MS = 1_000;
const MAX_IN_FLIGHT = 16;
const LEAST_BACKOFF_MS = 1_000;
const MOST_BACKOFF_MS = 60_000;

/** Works what the payment provider told us, until stopped. */
export const startWebhookInbox = (parts: WebhookInboxParts): WorkLoop =>
  startInboxOf({ ...parts, record: recordWebhook(parts) });

export interface InboxParts extends Pick<
  WebhookInboxParts,
  'clock' | 'database' | 'sealed' | 'providerName' | 'failed'
> {
  /** Works one webhook: null, or why nothing came of it. What it throws is tried again. */
  readonly record: (entry: InboxEntry) => Promise<string | null>;
}

/**
 * Works the webhook inbox of one provider until stopped: rows that the API stored are claimed, worked, and marked; what fails
 * comes again, later each time. `wake` it when a webhook was stored, or it looks by itself after a second.
 */
export function startInboxOf({ database, sealed, clock, providerName, failed, record }: InboxParts): WorkLoop {
  const table = new InboxTable(database, clock, providerName);

  async function work({ rowId, attempts, ...entry }: InboxEntry): Promise<void> {
    let note: string | null;
    try {
      const body = sealed.open(entry.body, inboxPlace(providerName));
      note = await record({ rowId, attempts, ...entry, body });
    } catch (error) {
      failed(error, entry.eventId);
      const afterMs = Math.min(MOST_BACKOFF_MS, LEAST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 16));
      await table.again(rowId, afterMs, error instanceof Error ? error.message : String(error));
      return;
    }
    await table.processed(rowId, note);
  }

  return startWorkLoop({
    claim: (limit) => table.claim(limit, LEASE_MS),
    work,
    untilNextMs: async () => {
      const at = await table.nextTryAt();
      return at === undefined ? undefined : Date.parse(at) - Date.parse(clock.now());
    },
    idleMs: IDLE_MS,
    maxInFlight: MAX_IN_FLIGHT,
    failed,
  });
}
