import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { collect, freshStream, numbers, several } from '../support/events.js';
import { HostileCaller } from './hostileCaller.js';
import { Random, seed } from './random.js';

/** How much is sent: `ESDB_FUZZ=20 npx mocha …/wire.test.ts` for the long run, with ten thousand half-open calls at once. */
const SIZE = Number(process.env['ESDB_FUZZ'] ?? 1);
/** What a connection carries at once. */
const CALLS_OF_A_CONNECTION = 100;
/** What caches and the engine's own bookkeeping may keep. */
const TOLERATED = 24 * 1024 * 1024;

interface Address {
  readonly host: string;
  readonly port: number;
  readonly connectionString: string;
}
interface State {
  readonly memory: number;
  readonly sockets: number;
  readonly faults: readonly string[];
}

describe(`a node under fire (ESDB_SEED=${seed})`, function () {
  this.timeout(30_000 + SIZE * 15_000);
  let data: string;
  let child: ChildProcess;
  let address: Address;
  let calm: State;
  let caller: HostileCaller;

  const next = async <T>(): Promise<T> => {
    const [message] = (await once(child, 'message')) as [T];
    return message;
  };
  const state = (): Promise<State> => {
    const answer = next<State>();
    child.send('state');
    return answer;
  };

  /** Whoever behaves is served. */
  const serves = async (): Promise<void> => {
    const client = EventStoreDBClient.connectionString(address.connectionString);
    const stream = freshStream();
    await client.appendToStream(stream, several(2));
    expect(numbers(await collect(client.readStream(stream)))).to.deep.equal([0, 1]);
    await client.dispose();
  };

  /** The node lives, serves, found no fault in itself, and has given back connections and memory; waits for the last two. */
  const isAsBefore = async (): Promise<void> => {
    await serves();
    for (;;) {
      const { memory, sockets, faults } = await state();
      expect(faults).to.deep.equal([]);
      expect(child.exitCode).to.equal(null);
      // the test's own timeout is the limit
      if (sockets <= calm.sockets && memory <= calm.memory + TOLERATED) return;
    }
  };

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'esdb-fuzz-'));
    const script = fileURLToPath(new URL('./node.mjs', import.meta.url));
    child = fork(script, [data], { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    address = await next<Address>();
    caller = new HostileCaller(address, new Random(seed));
    await serves();
    calm = await state();
  });

  after(async () => {
    const dead = once(child, 'exit');
    child.send('stop');
    await dead;
    await rm(data, { recursive: true, force: true });
  });

  it('stays up when random bytes come instead of a protocol', async () => {
    for (let k = 0; k < 100 * SIZE; k += 1) await caller.noise();
    await isAsBefore();
  });

  it('ends or ignores calls of every service whose messages are damaged or cut off', async () => {
    for (let round = 0; round < 4 * SIZE; round += 1) {
      const session = await caller.session();
      await Promise.all(Array.from({ length: 80 }, () => caller.damaged(session)));
      session.destroy();
    }
    await isAsBefore();
  });

  it('refuses every call whose body ends within a message, or that announces too large a one', async () => {
    const session = await caller.session();
    for (const body of [Buffer.from([0]), Buffer.from([0, 0, 0, 0, 9, 1]), Buffer.from([0, 0xff, 0xff, 0xff, 0xff])]) {
      for (const { path, status } of await caller.refusals(session, body)) expect(status, path).to.match(/^[1-9]\d*$/);
    }
    session.destroy();
    await isAsBefore();
  });

  it('takes no message that is larger than the largest, nor one that would unfold to more', async () => {
    for (let round = 0; round < SIZE; round += 1) {
      const session = await caller.session();
      await Promise.all(Array.from({ length: 20 }, () => caller.oversized(session)));
      session.destroy();
    }
    await isAsBefore();
  });

  it(`serves beside ${5 * SIZE * CALLS_OF_A_CONNECTION} calls that never go on, and forgets them`, async () => {
    const sessions = await Promise.all(Array.from({ length: 5 * SIZE }, () => caller.session()));
    for (const session of sessions) {
      for (let k = 0; k < CALLS_OF_A_CONNECTION; k += 1) caller.halfOpen(session);
    }
    await serves();
    const half = await state();
    expect(half.sockets).to.be.at.least(sessions.length);
    // half of them leave in good order, half are simply gone
    for (const [k, session] of sessions.entries()) {
      if (k % 2 === 0) session.close();
      session.destroy();
    }
    await isAsBefore();
  });
});
