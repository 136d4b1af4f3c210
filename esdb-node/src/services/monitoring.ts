import { setTimeout as delay } from 'node:timers/promises';
import { statsReq, statsResp } from '../protocol/operations.js';
import { unsigned } from '../protocol/shared.js';
import { serverStream } from '../transport/handlers.js';
import type { Registry } from '../transport/registry.js';
import type { Counters } from './statistics.js';
import { statistics } from './statistics.js';

/** Statistics more often than this, in milliseconds, serve nobody: a real server drowns in them when it is asked for 0. */
const SHORTEST_PERIOD = 20;
const LONGEST_PERIOD = 2 ** 31 - 1;

/** Monitoring: statistics at once, and again after each period until the caller leaves. Open to everybody. */
export const registerMonitoring = (registry: Registry, counters: Counters): void =>
  registry.add('event_store.client.monitoring.Monitoring', {
    Stats: serverStream(async (request, call) => {
      const asked = Number(unsigned(statsReq.decode(request).refreshTimePeriodInMs));
      const period = Math.min(Math.max(asked, SHORTEST_PERIOD), LONGEST_PERIOD);
      while (!call.over) {
        const stats = Object.fromEntries(
          Object.entries(statistics(counters)).map(([name, value]) => [name, `${value}`]),
        );
        call.send(statsResp.encode({ stats }));
        await call.drained();
        await delay(period, undefined, { signal: call.signal }).catch(() => undefined);
      }
    }),
  });
