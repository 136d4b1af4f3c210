import type { WakeUp } from '../../api/ports/wakeUp.js';
import { inMemoryWakeUp } from '../../embedded/wakeup/inMemoryWakeUp.js';
import { redisWakeUp } from '../../infrastructure/redis/redisWakeUp.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { Config } from '../config.js';
import { type Component, placeOf } from './component.js';

export interface WakeUpComponent extends Component {
  readonly wakeUp: WakeUp;
}

/** Wake-ups between requests and what they wait for: over Redis where REDIS_URL is set, else in memory. */
export function openWakeUp({ redisUrl }: Config, log: Logger): WakeUpComponent {
  const local = inMemoryWakeUp();
  if (redisUrl === undefined) return { wakeUp: local, describe: 'in memory', stop: () => local.close() };
  const wakeUp = redisWakeUp({ url: redisUrl, local, log: (line) => log.warn(line) });
  return {
    wakeUp,
    describe: `Redis at ${placeOf(redisUrl)}`,
    answers: () => wakeUp.answers(),
    stop: () => wakeUp.close(),
  };
}
