import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- when the provider was last asked about a payment because somebody wished it: what is lost of it costs a question
    CREATE TABLE payment_syncs (
      payment_id text PRIMARY KEY,
      asked_at   timestamptz NOT NULL
    );
    CREATE INDEX payment_syncs_age ON payment_syncs USING brin (asked_at);

    -- up to which business day (YYYY-MM-DD) the pickup counters of a location are deleted
    CREATE TABLE swept_counters (
      location_id text PRIMARY KEY,
      through     text NOT NULL
    );
  `);
};

/** Nothing is lost without them, but nothing goes back here: see the first migration. */
export const down = false;
