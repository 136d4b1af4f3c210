import type { Way } from '../support/services/way.js';
import type { ServiceControl } from '../support/services/index.js';

/** What Comanda stands on, by the names that `/readyz` gives them. */
export const PARTS = ['event store', 'postgres', 'broker', 'redis'] as const;
export type Part = (typeof PARTS)[number];

/**
 * What befalls a part: it is stopped in good order, killed, frozen (SIGSTOP); the way to it is slow, resets every connection,
 * or swallows everything and never says so.
 */
export const KINDS = ['stopped', 'killed', 'frozen', 'slowed', 'cut', 'lost'] as const;
export type Kind = (typeof KINDS)[number];

/** A part with what a test can do to it. */
export interface Breakable {
  readonly service: ServiceControl;
  readonly way: Way;
}

/** Much longer than a way is in any data centre, and short enough for what has a limit of seconds. */
const SLOW_MS = 200;

/** Lets an outage begin; resolves when its effect has taken place. */
export async function breakDown({ service, way }: Breakable, kind: Kind): Promise<void> {
  switch (kind) {
    case 'stopped':
      return await service.stop();
    case 'killed':
      return await service.kill();
    case 'frozen':
      return await service.freeze();
    case 'slowed':
      return way.slow(SLOW_MS);
    case 'cut':
      return way.cut();
    case 'lost':
      return way.lose();
  }
}

/** Lets it end. Nothing is done to whoever uses the part. */
export async function restore({ service, way }: Breakable, kind: Kind): Promise<void> {
  way.mend();
  if (kind === 'stopped' || kind === 'killed') await service.start();
  if (kind === 'frozen') await service.thaw();
}
