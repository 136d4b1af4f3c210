/** Places an order now and then and looks how long it takes until its row is in the read model. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { serveJobs } from '../harness/child.js';
import { orderBodies } from './requests.js';

export interface ProbeJob {
  readonly url: string;
  readonly postgresUrl: string;
  readonly table: string;
  readonly seconds: number;
  readonly skus: number;
}

/** Milliseconds from the answer to the row, one for each probe. */
export type ProbeResult = readonly number[];

const EVERY_MS = 20;
const LOOK_EVERY_MS = 1;
let pool: pg.Pool | undefined;

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

serveJobs<ProbeJob, ProbeResult>(async ({ url, postgresUrl, table, seconds, skus }) => {
  pool ??= new pg.Pool({ connectionString: postgresUrl, max: 4 });
  // the database may end before this process does; whoever asks it then is told so
  pool.removeAllListeners('error').on('error', () => undefined);
  const database = pool;
  const bodies = orderBodies(1, skus);
  const until = performance.now() + seconds * 1_000;
  const found: Promise<number>[] = [];
  const seen = async (id: string, from: number): Promise<number> => {
    for (;;) {
      const { rowCount } = await database.query({
        name: 'seen',
        text: `SELECT FROM ${table} WHERE id = $1`,
        values: [id],
      });
      if (rowCount === 1) return performance.now() - from;
      if (performance.now() - from > 30_000) throw new Error(`${id} is not in ${table} after 30 s`);
      await pause(LOOK_EVERY_MS);
    }
  };
  for (let number = 0; performance.now() < until; number += 1) {
    const response = await fetch(`${url}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: bodies[number % bodies.length] ?? '',
    });
    const answered = performance.now();
    const { id } = (await response.json()) as { id?: string };
    if (id === undefined) throw new Error(`an order was answered with ${response.status}`);
    found.push(seen(id, answered));
    await pause(EVERY_MS);
  }
  return await Promise.all(found);
});
