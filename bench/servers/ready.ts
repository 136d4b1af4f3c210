import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves on a free loopback port, tells the bench where, and ends with SIGTERM. */
export function serve(listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`READY http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  // exit, not a slow farewell: a profile is written on the way out
  process.once('SIGTERM', () => process.exit(0));
}
