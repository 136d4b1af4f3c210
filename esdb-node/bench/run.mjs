// node bench/run.mjs [--memory] [--seconds 2] [--runs 3]: how fast the node is, each figure with its ratio to a ceiling of the same run.
import { Console } from 'node:console';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { URL, fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import grpc from '@grpc/grpc-js';
import { median, medianRate, processorTime, start } from './measure.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const flag = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const memory = process.argv.includes('--memory');
const how = { seconds: flag('--seconds', 2), runs: flag('--runs', 3) };
const rows = [];
const report = (what, { perSecond, p99, used }, ceiling) => {
  rows.push({
    what,
    'a second': Math.round(perSecond),
    ...(p99 === undefined ? {} : { 'p99 ms': Number(p99.toFixed(1)) }),
    ...(used === undefined ? {} : { 'node µs': Math.round(used) }),
    ...(ceiling === undefined ? {} : { ratio: Number((perSecond / ceiling).toFixed(3)) }),
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
await medianRate(sendEcho, 32, { runs: 1, seconds: 1 });
const echoes = {};
for (const inFlight of [1, 32, 128]) {
  const found = await medianRate(sendEcho, inFlight, { ...how, pid: echo.pid });
  echoes[inFlight] = found.perSecond;
  report(`echo, ${inFlight} in flight`, found);
}
const best = Math.max(...Object.values(echoes));
// one reader that waits for each answer is one in flight
const ofOne = echoes[1];
channel.close();
await echo.stop();

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
const alone = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${replay.line}?tls=false`);
let n = 0;
for (const [path, options] of [
  ['BatchAppend', {}],
  ['unary Append', perCall],
]) {
  const to = (server) => () => server.appendToStream(`bench-${(n += 1) % 1000}`, event(), options);
  await medianRate(to(client), 32, { runs: 1, seconds: 1 });
  for (const inFlight of [1, 32, 128]) {
    const found = await medianRate(to(client), inFlight, { ...how, pid: node.pid });
    report(`${path}, ${inFlight} in flight`, found, echoes[inFlight]);
    if (options !== perCall) continue;
    const most = await medianRate(to(alone), inFlight, { ...how, pid: replay.pid });
    report(`  the client alone, ${inFlight} in flight`, most, echoes[inFlight]);
  }
}

const read = async (from, maxCount) => {
  for await (const { event: e } of from.readStream(`long`, { maxCount })) if (!e) throw new Error('no event');
};
for (let k = 0; k < 10; k += 1) await client.appendToStream('long', Array.from({ length: 100 }, event));
for (const count of [10, 100, 1000]) {
  report(`read ${count} events`, await medianRate(() => read(client, count), 1, { ...how, pid: node.pid }), ofOne);
  report(
    `  the client alone, ${count} events`,
    await medianRate(() => read(alone, count), 1, { ...how, pid: replay.pid }),
    ofOne,
  );
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
const events = async (one, pid) => {
  const found = [];
  const before = processorTime(pid);
  for (let run = 0; run < how.runs + 2; run += 1) {
    const from = performance.now();
    await one();
    found.push(EVENTS / ((performance.now() - from) / 1000));
  }
  const used = before === undefined ? undefined : (processorTime(pid) - before) / (EVENTS * found.length);
  return { perSecond: median(found), used };
};
report('$all, events by read', await events(() => readAll(client), node.pid), best);
report('  the client alone', await events(() => readAll(alone), replay.pid), best);
report('$all, events by subscription', await events(() => subscribe(client), node.pid), best);

process.stdout.write(`${memory ? 'in memory' : 'on LMDB, durable'}\n`);
new Console(process.stdout).table(rows);
await Promise.all([client.dispose(), alone.dispose()]);
await Promise.all([node.stop(), replay.stop()]);
rmSync(data, { recursive: true, force: true });
