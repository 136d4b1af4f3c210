// node bench/run.mjs [--memory] [--seconds 2] [--runs 5]: how fast the node is, each figure with its ratio to a ceiling of the same run.
import { Console } from 'node:console';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { URL, fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import grpc from '@grpc/grpc-js';
import { median, processorTime, sideBySide, start } from './measure.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const flag = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const memory = process.argv.includes('--memory');
const how = { seconds: flag('--seconds', 2), runs: flag('--runs', 5) };
const rows = [];
const report = (what, { perSecond, p99, used, ratio }) => {
  rows.push({
    what,
    'a second': Math.round(perSecond),
    ...(p99 === undefined ? {} : { 'p99 ms': Number(p99.toFixed(1)) }),
    ...(used === undefined ? {} : { 'node µs': Math.round(used) }),
    ...(ratio === undefined ? {} : { ratio: Number(ratio.toFixed(3)) }),
  });
};

const echo = await start(here('./echo.mjs'));
const channel = new grpc.Client(`127.0.0.1:${echo.line}`, grpc.credentials.createInsecure());
const body = Buffer.alloc(400, 1);
const same = (bytes) => bytes;
const sendEcho = () =>
  new Promise((resolve, reject) => {
    channel.makeUnaryRequest('/bench.Echo/Echo', same, same, body, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });

const data = mkdtempSync(join(tmpdir(), 'esdb-bench-'));
const node = await start(
  here('../dist/cli.js'),
  '--port',
  '0',
  '--projections',
  'off',
  ...(memory ? ['--memory'] : ['--data', data]),
);
const connection = /esdb:\/\/\S+?tls=false/.exec(node.line)[0];
const client = EventStoreDBClient.connectionString(connection);
const event = () => jsonEvent({ type: 'Happened', data: { text: 'x'.repeat(280) } });
const perCall = { credentials: { username: 'admin', password: 'changeit' } };
const replay = await start(here('./replay.mjs'));
const prepared = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${replay.line}?tls=false`);

let n = 0;
const echoing = (inFlight) => ({ one: sendEcho, inFlight, pid: echo.pid });
const to = (server, inFlight, pid, options) => ({
  one: () => server.appendToStream(`bench-${(n += 1) % 1000}`, event(), options),
  inFlight,
  pid,
});
let best = 0;
for (const inFlight of [1, 32, 128]) {
  const [ofEcho, batch, unary, alone] = await sideBySide(
    [
      echoing(inFlight),
      to(client, inFlight, node.pid, {}),
      to(client, inFlight, node.pid, perCall),
      to(prepared, inFlight, replay.pid, perCall),
    ],
    how,
  );
  best = Math.max(best, ofEcho.perSecond);
  report(`echo, ${inFlight} in flight`, { ...ofEcho, ratio: undefined });
  report(`BatchAppend, ${inFlight} in flight`, batch);
  report(`unary Append, ${inFlight} in flight`, unary);
  report(`  the client alone, the same`, alone);
}

const read = async (from, maxCount) => {
  for await (const { event: e } of from.readStream(`long`, { maxCount })) if (!e) throw new Error('no event');
};
for (let k = 0; k < 10; k += 1) await client.appendToStream('long', Array.from({ length: 100 }, event));
for (const count of [10, 100, 1000]) {
  // a reader that waits for each answer is one in flight
  const [, ofNode, alone] = await sideBySide(
    [
      echoing(1),
      { one: () => read(client, count), inFlight: 1, pid: node.pid },
      { one: () => read(prepared, count), inFlight: 1, pid: replay.pid },
    ],
    how,
  );
  report(`read ${count} events`, ofNode);
  report(`  the client alone, the same`, alone);
}

const EVENTS = 10_000;
// however few were appended above
for (let k = 0; k < 100; k += 1) await client.appendToStream('fill', Array.from({ length: EVENTS / 100 }, event));
const readAll = async (from) => {
  let seen = 0;
  for await (const _ of from.readAll({ maxCount: EVENTS })) seen += 1;
  if (seen !== EVENTS) throw new Error(`${seen} events`);
};
const subscribe = (from) =>
  new Promise((resolve, reject) => {
    let seen = 0;
    const subscription = from.subscribeToAll();
    subscription.on('error', reject);
    subscription.on('data', () => {
      seen += 1;
      if (seen === EVENTS) resolve(subscription.unsubscribe());
    });
  });
/** Events a second of each way to take them, in turn; a first time that does not count. */
const catchUps = async (...ways) => {
  const found = ways.map(() => ({ rates: [], used: 0 }));
  for (let run = 0; run < how.runs + 1; run += 1) {
    for (const [k, { one, pid }] of ways.entries()) {
      const before = processorTime(pid);
      const from = performance.now();
      await one();
      if (run === 0) continue;
      found[k].rates.push(EVENTS / ((performance.now() - from) / 1000));
      if (before !== undefined) found[k].used += processorTime(pid) - before;
    }
  }
  return found.map(({ rates, used }) => {
    const perSecond = median(rates);
    return { perSecond, used: used === 0 ? undefined : used / (EVENTS * rates.length), ratio: perSecond / best };
  });
};
const [byRead, bySubscription, alone] = await catchUps(
  { one: () => readAll(client), pid: node.pid },
  { one: () => subscribe(client), pid: node.pid },
  { one: () => readAll(prepared), pid: replay.pid },
);
report('$all, events by read', byRead);
report('$all, events by subscription', bySubscription);
report('  the client alone, by read', alone);

process.stdout.write(`${memory ? 'in memory' : 'on LMDB, durable'}\n`);
new Console(process.stdout).table(rows);
channel.close();
await Promise.all([client.dispose(), prepared.dispose()]);
await Promise.all([echo.stop(), node.stop(), replay.stop()]);
rmSync(data, { recursive: true, force: true });
