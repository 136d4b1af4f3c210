// node bench/scale.mjs [--events 10000000] [--streams 1000] [--data DIR] [--keep]: what a long log costs. Each phase runs in a process of
// its own and writes straight to the node's log (decided, encoded, indexed, on the disk), because through a client the client is the limit.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EventLog } from '../dist/log/eventLog.js';
import { ANY } from '../dist/log/expected.js';
import { openLmdb } from '../dist/storage/lmdb.js';
import { median } from './measure.mjs';

const text = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const number = (name, otherwise) => Number(text(name, otherwise));
const EVENTS = number('--events', 10_000_000);
const STREAMS = number('--streams', 1000);
const SMALL = Math.min(10_000, EVENTS);
const BATCH = 500;
const MiB = 1024 * 1024;
const say = (line) => process.stdout.write(`${line}\n`);

/** Memory of this process in MiB: its own, and pages of the log's file that the system lends it and may take back. */
const memory = () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (field) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { own: of('RssAnon'), lent: of('RssFile') };
};

const data = Buffer.from(JSON.stringify({ order: 'o-12345678', sku: 'sku-4711', quantity: 3, price: 1250 }));
const event = () => ({
  id: randomUUID(),
  type: 'Happened',
  contentType: 'application/json',
  data,
  customMetadata: Buffer.alloc(0),
});
const events = (count) => Array.from({ length: count }, event);

/** Makes every stream, so that there are as many of them from the beginning. */
const makeStreams = async (log) => {
  for (let k = 0; k < STREAMS; k += 100) {
    const some = Array.from({ length: Math.min(100, STREAMS - k) }, (_, n) => `fill-${k + n}`);
    await Promise.all(some.map((stream) => log.append(stream, ANY, events(Math.ceil(SMALL / STREAMS)))));
  }
};

/** Appends up to `upTo` events in all, four batches under way, and says how it goes. */
const fill = async (log, from, upTo, step) => {
  let appended = from;
  let said = from;
  let since = performance.now();
  const writer = async () => {
    while (appended < upTo) {
      const count = Math.min(BATCH, upTo - appended);
      appended += count;
      await log.append(`fill-${Math.floor(Math.random() * STREAMS)}`, ANY, events(count));
      if (appended - said < step) continue;
      const now = performance.now();
      const { own, lent } = memory();
      say(
        `${appended} events: ${Math.round(((appended - said) / (now - since)) * 1000)} a second, ${own} MiB own, ${lent} MiB of the file`,
      );
      said = appended;
      since = now;
    }
  };
  await Promise.all(Array.from({ length: 4 }, writer));
};

/** What one append of one event costs, 32 under way: processor time and time on the clock, microseconds, medians of several runs. */
const costOfAppend = async (log, runs = 7, appends = 3000) => {
  const used = [];
  const took = [];
  for (let run = 0; run < runs + 1; run += 1) {
    let left = appends;
    const before = process.cpuUsage();
    const from = performance.now();
    const writer = async () => {
      while (left > 0) {
        left -= 1;
        await log.append(`fill-${Math.floor(Math.random() * STREAMS)}`, ANY, [event()]);
      }
    };
    await Promise.all(Array.from({ length: 32 }, writer));
    const { user, system } = process.cpuUsage(before);
    // the first run warms up
    if (run === 0) continue;
    used.push((user + system) / appends);
    took.push(((performance.now() - from) * 1000) / appends);
  }
  return { used: median(used), took: median(took) };
};

const open = async (folder) => {
  const from = performance.now();
  const storage = await openLmdb(folder);
  return { storage, log: new EventLog(storage), took: performance.now() - from };
};

const phases = {
  append: async (folder) => {
    const { log } = await open(folder);
    await makeStreams(log);
    const small = await costOfAppend(log);
    await fill(log, SMALL, EVENTS, EVENTS / 10);
    const large = await costOfAppend(log);
    const row = ({ used, took }) => `${used.toFixed(1)} µs of processor, ${took.toFixed(1)} µs on the clock`;
    say(`one append at ${SMALL} events: ${row(small)}`);
    say(`one append at ${EVENTS} events: ${row(large)}, ${(large.used / small.used).toFixed(2)} of that`);
    await log.close();
  },
  read: async (folder) => {
    const { log, took } = await open(folder);
    say(`opened in ${took.toFixed(1)} ms`);
    const { reader } = log;
    let seen = 0;
    let from = 0;
    let said = 0;
    const begun = performance.now();
    for (;;) {
      const page = reader.all(from, 256, 'forwards');
      if (page.length === 0) break;
      seen += page.length;
      from = page.at(-1).position + 1;
      // a reader of the node gives others a turn after each page
      await nextTurn();
      if (seen - said < EVENTS / 5) continue;
      said = seen;
      const { own, lent } = memory();
      say(`${seen} events read: ${own} MiB own, ${lent} MiB of the file`);
    }
    say(`read ${Math.round((seen / (performance.now() - begun)) * 1000)} events a second, in the order of the log`);
    const streams = performance.now();
    let ofStreams = 0;
    for (let k = 0; k < 2000; k += 1) {
      const view = reader.view(`fill-${Math.floor(Math.random() * STREAMS)}`);
      if (view.kind !== 'there') continue;
      const start = Math.floor(Math.random() * view.lastRevision);
      ofStreams += reader.page(view, start, 100, 'forwards').length;
      if (k % 20 === 0) await nextTurn();
    }
    const { own, lent } = memory();
    say(
      `read ${Math.round((ofStreams / (performance.now() - streams)) * 1000)} events a second by 100 of a stream: ${own} MiB own, ${lent} MiB of the file`,
    );
    await log.close();
  },
};

/** Runs a phase in a process of its own. */
const run = async (phase, folder) => {
  const args = ['--phase', phase, '--data', folder, '--events', String(EVENTS), '--streams', String(STREAMS)];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${phase} ended with ${code}`);
};

const phase = text('--phase', '');
const folder = text('--data', '') || mkdtempSync(join(tmpdir(), 'esdb-scale-'));
if (phase !== '') await phases[phase](folder);
else {
  say(`${EVENTS} events of ${data.length} bytes in ${STREAMS} streams`);
  await run('append', folder);
  say(`the file has ${Math.round(statSync(join(folder, 'data.mdb')).size / MiB)} MiB`);
  await run('read', folder);
  if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true, force: true });
}
