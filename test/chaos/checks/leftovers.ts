import pg from 'pg';
import type { Installation } from '../system/installation.js';
import { type Check, checkEach } from './check.js';
import { deadLetters } from './rest.js';

/** Nothing was given up: no event is parked, no message is dead, and no process ended that nobody killed. */
export async function checkLeftovers({ postgresUrl, environment, processes }: Installation): Promise<readonly Check[]> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const { rows: parked } = await client
    .query<{ runner: string; stream: string; revision: string; reason: string }>(
      'SELECT runner, stream, revision, reason FROM parked ORDER BY position',
    )
    .finally(() => client.end());
  const dead = await deadLetters(environment['RABBITMQ_URL'] ?? '');
  return [
    {
      name: 'nothing is parked',
      looked: parked.length,
      differences: parked.map(({ runner, stream, revision, reason }) => `${runner}: ${stream}@${revision}: ${reason}`),
    },
    checkEach('no message is dead', dead, ([queue, count]) => (count > 0 ? `${count} of ${queue}` : undefined)),
    {
      name: 'no process ended that nobody killed',
      looked: processes.reduce((sum, { starts }) => sum + starts, 0),
      differences: processes.flatMap(({ ownEnds }) => ownEnds),
    },
  ];
}
