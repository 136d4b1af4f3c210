import { orderStream } from '../../../../src/domain/kernel/streams.js';
import { stock } from '../../../../src/domain/stock/index.js';
import { served, shelf, ticket, waiting } from '../installation.js';
import { type Planted, query } from './planted.js';

/** What stands in tables: inboxes, parked events, runners, read models and snapshots. */
export const inTables: readonly Planted[] = [
  {
    check: 'webhooks-are-worked',
    fault: 'a webhook was never worked',
    tables: query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body, received_at, attempts, last_error)
       VALUES ('stripe', 'evt_1', 'checkout.session.completed', '{}', '2024-05-04T11:00:00Z', 3, 'silent')`,
    ),
    where: 'webhook evt_1',
    text: /not worked after 3 attempts: silent/,
  },
  {
    check: 'mails-are-settled',
    fault: 'a mail was begun and never went out',
    tables: query(
      `INSERT INTO notification_inbox (event_id, template, order_id, begun, created_at)
       VALUES ('event-1', 'placed', $1, 1, '2024-05-04T11:00:00Z')`,
      waiting,
    ),
    where: 'mail event-1',
    text: /placed, begun at 2024-05-04T11:00:00.000Z, did not go out/,
  },
  {
    check: 'nothing-is-parked',
    fault: 'a runner holds back a stream',
    tables: query(
      `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, reason)
       VALUES ('placing', 1, $1, 0, '00000000-0000-5000-8000-000000000001', 'OrderPlaced', 'odd')`,
      orderStream(waiting),
    ),
    where: `${orderStream(waiting)}@0`,
    text: /placing holds back this event: odd/,
  },
  {
    check: 'runners-keep-up',
    fault: 'a runner stands still',
    tables: async (installation) => {
      await query(`UPDATE checkpoints SET position = 100 WHERE name = 'placing'`)(installation);
      await installation.beat(10);
    },
    where: 'runner placing',
    text: /stands still: events since .* wait for it/,
  },
  {
    check: 'runners-keep-up',
    fault: 'a runner stands beyond the end of the log',
    tables: query(`UPDATE checkpoints SET position = 999999 WHERE name = 'placing'`),
    where: 'runner placing',
    text: /beyond the end of the log/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row is older than its checkpoint',
    tables: query(`UPDATE stock_level_v1 SET revision = 3, view = jsonb_set(view::jsonb, '{reserved}', '7')::json`),
    where: `stock_level_v1 ${shelf(1)}`,
    text: /revision is not what the log says/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row is missing',
    tables: query('DELETE FROM kitchen_board_v3'),
    where: `kitchen_board_v3 ${ticket(served)}`,
    text: /is missing/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row stands for nothing',
    tables: query(`UPDATE kitchen_board_v3 SET id = 'tkt_nothing'`),
    where: 'kitchen_board_v3 tkt_nothing',
    text: /stands for nothing/,
  },
  {
    check: 'snapshots-equal-the-fold',
    fault: 'a snapshot is not what the stream amounted to',
    tables: query(
      `INSERT INTO snapshots (stream, state_version, revision, state) VALUES ($1, $2, 0, $3)`,
      shelf(1),
      stock.stateVersion,
      JSON.stringify({ state: { stock: { status: 'registered', onHand: 99 } } }),
    ),
    where: `snapshot of ${shelf(1)}`,
    text: /stock.onHand is not what the log says/,
  },
];
