import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../plan/random.js';

/** What stands between the provider and the shop: webhooks reach one of several processes, late, twice, out of order. */
export interface Relay {
  readonly url: string;
  /** Webhooks that came, and copies of them that were delivered. */
  readonly counts: { came: number; delivered: number };
  stop(): Promise<void>;
}

const LATE_MS = [50, 4_000] as const;
const ANSWER_WITHIN_MS = 6_000;

/**
 * Passes each webhook on to a process of the shop and answers what that answered, so none that failed counts as delivered.
 * One in three comes late, and so after others that were sent later; one in four comes twice.
 */
export async function startRelay(targets: readonly string[], random: Random): Promise<Relay> {
  const counts = { came: 0, delivered: 0 };

  const deliver = async (body: Buffer, headers: IncomingHttpHeaders): Promise<number> => {
    const response = await fetch(random.pick(targets), {
      method: 'POST',
      headers: {
        'content-type': headers['content-type'] ?? '',
        'stripe-signature': String(headers['stripe-signature'] ?? ''),
      },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.arrayBuffer();
    if (response.ok) counts.delivered += 1;
    return response.status;
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      counts.came += 1;
      const [late, copies] = [random.chance(1 / 3) ? random.whole(...LATE_MS) : 0, random.chance(1 / 4) ? 2 : 1];
      const body = Buffer.concat(chunks);
      void sleep(late)
        .then(() => Promise.all(Array.from({ length: copies }, () => deliver(body, request.headers))))
        .then(
          (statuses) => response.writeHead(Math.max(...statuses)).end(),
          () => response.writeHead(502).end(),
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    counts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
