import { startNode } from 'esdb-node';
import { v4 } from 'uuid';
import { cutProxy, type CutProxy } from './cutProxy.js';

export type { CutProxy } from './cutProxy.js';

/** An event store for a suite: start it in `before`, stop it in `after`. */
export interface TestEventStore {
  /** Connection string. */
  readonly url: string;
  /** Whether it is one that TEST_EVENTSTORE_URL names: its log is not empty then, and others may write to it. */
  readonly external: boolean;
  /** A way to the store that can be cut, frozen and left without answers. Stopped together with the store. */
  proxied(): Promise<CutProxy>;
  stop(): Promise<void>;
}

/** The store that TEST_EVENTSTORE_URL names, or else an esdb-node of its own, in memory. */
export async function testEventStore(): Promise<TestEventStore> {
  const external = process.env['TEST_EVENTSTORE_URL'];
  const node = external === undefined ? await startNode({ storage: 'memory', projections: 'off' }) : undefined;
  const url = node?.connectionString ?? external ?? '';
  const proxies: CutProxy[] = [];
  return {
    url,
    external: external !== undefined,
    proxied: async () => {
      const proxy = await cutProxy(url);
      proxies.push(proxy);
      return proxy;
    },
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await node?.stop();
    },
  };
}

/** A stream name that no other test and no earlier run has used. */
export const freshStream = (category = 'test'): `${string}-${string}` => `${category}-${v4()}`;
