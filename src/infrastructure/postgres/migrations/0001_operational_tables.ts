import type { MigrationBuilder } from 'node-pg-migrate';

/**
 * What runs the house but is no read model. Positions are numeric(20,0), for the log's position is an unsigned 64-bit
 * number. A migration that has shipped is never edited; the next change is the next file.
 */
export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- how far each runner has come, and who owns it: every commit checks the epoch
    CREATE TABLE checkpoints (
      name        text PRIMARY KEY,
      position    numeric(20,0),
      epoch       bigint NOT NULL DEFAULT 0,
      owner       text,
      lease_until timestamptz,
      updated_at  timestamptz NOT NULL DEFAULT now()
    );

    -- events that a runner could not digest, and every later one of the same stream
    CREATE TABLE parked (
      runner     text NOT NULL,
      position   numeric(20,0) NOT NULL,
      stream     text NOT NULL,
      revision   bigint NOT NULL,
      event_id   uuid NOT NULL,
      event_type text NOT NULL,
      reason     text NOT NULL,
      parked_at  timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (runner, position)
    );
    CREATE INDEX parked_by_stream ON parked (runner, stream, revision);

    -- commands to be issued at a time; claimed_until makes a claim, fired_at ends it
    CREATE TABLE timers (
      id            text PRIMARY KEY,
      process       text NOT NULL,
      correlation   text NOT NULL,
      due_at        timestamptz NOT NULL,
      command       jsonb NOT NULL,
      cancelled     boolean NOT NULL DEFAULT false,
      claimed_until timestamptz,
      fired_at      timestamptz,
      created_at    timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX timers_due ON timers (due_at) WHERE fired_at IS NULL AND NOT cancelled;
    CREATE INDEX timers_by_correlation ON timers (correlation);

    -- what a provider told us, verbatim, before anybody works on it
    CREATE TABLE webhook_inbox (
      id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      provider      text NOT NULL,
      event_id      text NOT NULL,
      event_type    text NOT NULL,
      body          text NOT NULL,
      received_at   timestamptz NOT NULL DEFAULT now(),
      processed_at  timestamptz,
      claimed_until timestamptz,
      next_try_at   timestamptz NOT NULL DEFAULT now(),
      attempts      integer NOT NULL DEFAULT 0,
      last_error    text,
      UNIQUE (provider, event_id)
    );
    CREATE INDEX webhook_inbox_open ON webhook_inbox (next_try_at) WHERE processed_at IS NULL;

    -- which body came with an Idempotency-Key, and what was answered, for a day
    CREATE TABLE idempotency (
      principal   text NOT NULL,
      key_hash    text NOT NULL,
      route       text NOT NULL,
      body_hash   text NOT NULL,
      resource_id text,
      status      integer,
      headers     jsonb,
      response    text,
      created_at  timestamptz NOT NULL DEFAULT now(),
      expires_at  timestamptz NOT NULL,
      PRIMARY KEY (principal, route, key_hash)
    );
    CREATE INDEX idempotency_expiry ON idempotency (expires_at);

    -- folded states of long streams: may be deleted at any time
    CREATE TABLE snapshots (
      stream        text NOT NULL,
      state_version integer NOT NULL,
      revision      bigint NOT NULL,
      state         jsonb NOT NULL,
      taken_at      timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (stream, state_version)
    );

    -- which versions of which read models have their tables
    CREATE TABLE read_model_schemas (
      name       text NOT NULL,
      version    integer NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (name, version)
    );
  `);
};

/** Going back would lose timers and checkpoints: there is no way down, restore a backup instead. */
export const down = false;
