import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- what customers are written about, by the event that it tells of: a row before the mail, so that none is sent for ever
    -- anew. begun counts the sends of which nobody knows how they ended
    CREATE TABLE notification_inbox (
      event_id   text PRIMARY KEY,
      template   text NOT NULL,
      order_id   text NOT NULL,
      begun      integer NOT NULL DEFAULT 0,
      settled_at timestamptz,
      note       text,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX notification_inbox_by_order ON notification_inbox (order_id);
  `);
};

/** Going back would send mails a second time: there is no way down. */
export const down = false;
