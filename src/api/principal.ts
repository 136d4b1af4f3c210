import type { Actor } from '../domain/kernel/envelope.js';

/** On whose behalf a request acts. */
export interface Principal {
  /** Scope of Idempotency-Keys. */
  readonly id: string;
  /** Scope of merchant order numbers. */
  readonly account: string;
  readonly tenant: string;
  readonly actor: Actor;
}

/** Until there are accounts, every request acts as this one, which is why the server listens on loopback by default. */
export const LOCAL_ADMIN: Principal = {
  id: 'admin/local',
  account: 'main',
  tenant: 'main',
  actor: { kind: 'admin', id: 'admin/local', via: 'http' },
};
