import { expect } from 'chai';
import type { WakeUp } from '../../../src/api/ports/wakeUp.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { redisWakeUp } from '../../../src/infrastructure/redis/redisWakeUp.js';
import { redis } from '../../support/services/index.js';
import type { RedisService } from '../../support/services/index.js';
import { openWay } from '../../support/services/way.js';
import { until } from '../../support/until.js';
import { wakeUpContract } from './contract.js';

const onRedis = (server: RedisService, channel: string): WakeUp =>
  redisWakeUp({ url: server.url, local: inMemoryWakeUp(), channel });

wakeUpContract('Redis', async () => {
  const server = await redis();
  return onRedis(server, `${server.prefix()}wakeup`);
});

describe('the wake-up between processes, Redis', () => {
  let server: RedisService;
  let here: WakeUp;
  let there: WakeUp;

  before(async () => {
    server = await redis();
  });
  beforeEach(async () => {
    const channel = `${server.prefix()}wakeup`;
    here = onRedis(server, channel);
    there = onRedis(server, channel);
    await connected();
  });
  afterEach(async () => {
    await Promise.all([here.close(), there.close()]);
  });

  /** Both hear each other: they connect in the background. */
  const connected = async (): Promise<void> => {
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      await until('the two are connected', () => {
        const heard = to.wait('hello', 50);
        from.notify('hello');
        return heard;
      });
    }
  };

  it('wakes a waiter in another process', async () => {
    const woken = there.wait('order-1', 15_000);
    here.notify('order-1');
    expect(await woken).to.equal(true);
  });

  it('keeps waking within the process and throws nowhere while Redis is down, and reaches others when it is back', async () => {
    await server.kill();
    try {
      const own = here.wait('order-1', 15_000);
      here.notify('order-1');
      expect(await own).to.equal(true);
    } finally {
      await server.start();
    }
    await connected();
    const woken = there.wait('order-2', 15_000);
    here.notify('order-2');
    expect(await woken).to.equal(true);
  });

  it('does not hold up a notifier when Redis is frozen', async () => {
    await server.freeze();
    try {
      const own = here.wait('order-1', 15_000);
      here.notify('order-1');
      expect(await own).to.equal(true);
    } finally {
      await server.thaw();
    }
  });

  it('finds out by itself that its connections are dead, and makes others', async function () {
    this.timeout(300_000);
    const way = await openWay(server.url, 6379);
    const channel = `${server.prefix()}wakeup`;
    const far = redisWakeUp({ url: way.url, local: inMemoryWakeUp(), channel });
    const near = onRedis(server, channel);
    const hears = (from: WakeUp, to: WakeUp): Promise<void> =>
      until(
        'a call is heard',
        () => {
          const heard = to.wait('hello', 50);
          from.notify('hello');
          return heard;
        },
        30_000,
      );
    try {
      await hears(near, far);
      await hears(far, near);
      way.lose();
      expect(await far.answers().catch((error: unknown) => error)).to.be.instanceOf(Error);
      way.mend();
      await hears(near, far);
      await hears(far, near);
    } finally {
      await Promise.all([far.close(), near.close()]);
      await way.close();
    }
  });
});
