import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { WakeUp } from '../../../src/api/ports/wakeUp.js';

/** What every wake-up promises within one process; `open` gives a fresh one. */
export const wakeUpContract = (name: string, open: () => Promise<WakeUp>): void => {
  describe(`the wake-up, ${name}`, () => {
    const opened: WakeUp[] = [];
    const fresh = async (): Promise<WakeUp> => {
      const wakeUp = await open();
      opened.push(wakeUp);
      return wakeUp;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((wakeUp) => wakeUp.close()));
    });

    it('wakes everybody who waits for the topic, and nobody else', async () => {
      const wakeUp = await fresh();
      const waits = [wakeUp.wait('order-1', 60_000), wakeUp.wait('order-1', 60_000)];
      const other = wakeUp.wait('order-2', 60_000);
      wakeUp.notify('order-1');
      expect(await Promise.all(waits)).to.deep.equal([true, true]);
      wakeUp.notify('order-2');
      expect(await other).to.equal(true);
    });

    it('has registered a waiter before anything else can happen', async () => {
      const wakeUp = await fresh();
      const woken = wakeUp.wait('order 1, with spaces', 60_000);
      wakeUp.notify('order 1, with spaces');
      expect(await woken).to.equal(true);
    });

    it('remembers nothing for those who come later', async () => {
      const wakeUp = await fresh();
      const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        wakeUp.notify('order-1');
        const woken = wakeUp.wait('order-1', 30_000);
        clock.tick(30_000);
        expect(await woken).to.equal(false);
      } finally {
        clock.restore();
      }
    });

    it('lets go of a waiter whose request was given up', async () => {
      const wakeUp = await fresh();
      const given = new AbortController();
      const woken = wakeUp.wait('order-1', 60_000, given.signal);
      given.abort();
      expect(await woken).to.equal(false);
      expect(await wakeUp.wait('order-1', 60_000, given.signal)).to.equal(false);
    });

    it('answers all its waiters when it is closed, and those who come afterwards', async () => {
      const wakeUp = await fresh();
      const waits = [wakeUp.wait('order-1', 60_000), wakeUp.wait('order-2', 60_000)];
      await wakeUp.close();
      expect(await Promise.all(waits)).to.deep.equal([false, false]);
      expect(await wakeUp.wait('order-1', 60_000)).to.equal(false);
    });
  });
};
