import type { WebhookInbox } from '../../api/ports/webhookInbox.js';
import { inboxPlace, type SealedText } from '../../consumers/ports/sealedText.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

/**
 * The table `webhook_inbox`, as the API fills it: one row an event of the provider, however often it is sent. What it says
 * may be about somebody, so its body is sealed.
 * @param onStored called after a new row is committed, to wake up the worker
 */
export const postgresWebhookInbox = (database: Queryable, sealed: SealedText, onStored: () => void): WebhookInbox => ({
  store: async ({ provider, eventId, eventType, body }) => {
    const { rowCount } = await database.query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body) VALUES ($1, $2, $3, $4)
       ON CONFLICT (provider, event_id) DO NOTHING`,
      [provider, eventId, eventType, sealed.seal(body, inboxPlace(provider))],
    );
    if (rowCount === 0) return 'known';
    onStored();
    return 'stored';
  },
});
