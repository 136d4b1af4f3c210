/** Rebuilds the order view, verifies a log, or only reads it: events a second of each. */
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { openPostgres } from '#comanda/infrastructure/postgres/database.js';
import { migrate } from '#comanda/infrastructure/postgres/migrate.js';
import { READ_MODELS, readModels, rebuildables } from '#comanda/main/roles/projections.js';
import { orderViewSchema } from '#comanda/projections/order/schema.js';
import { rebuild } from '#comanda/projections/rebuild/rebuild.js';
import { createFolds } from '#comanda/subscriptions/folds.js';
import { CHECKS } from '#comanda/verification/checks/index.js';
import { verify } from '#comanda/verification/verify.js';
import { serveJobs } from '../harness/child.js';

export interface RebuildJob {
  /** `compare`: every read model of the database with the log, and nothing that orders without payments would break. */
  readonly kind: 'rebuild' | 'verify' | 'compare' | 'read';
  readonly eventStoreUrl: string;
  /** Of an empty database, or of one with read models. */
  readonly postgresUrl: string;
  /** So many events of the beginning of the log; absent: all. */
  readonly events?: number;
}

/** What a comparison without a difference saw. */
export interface Compared {
  readonly perSecond: number;
  readonly rows: number;
  /** The most memory that the process ever held. */
  readonly memoryMiB: number;
}

/** Rules about single streams and runners; the others need payments, stock and tickets. */
const OF_STREAMS = [
  'revisions-gapless',
  'every-event-decodes',
  'commands-took-effect-once',
  'nothing-is-parked',
  'runners-keep-up',
];
const GRACE_MS = 600_000;

type Opened = ReturnType<typeof openEventStore> & { readonly database: ReturnType<typeof openPostgres> };
type Work = (opened: Opened, end: bigint) => Promise<{ readonly events: number; readonly rows?: number }>;

/** What a verification of all that there is takes. */
const everythingOf = ({ feed, historyApart: history, eventStore, database }: Opened) => ({
  feed,
  history,
  database,
  readModels: readModels(createFolds({ reader: eventStore })),
  reactors: [],
  graceMs: GRACE_MS,
});

const works: Readonly<Record<RebuildJob['kind'], Work>> = {
  verify: (opened) => verify(everythingOf(opened)).then(withRows),

  compare: async (opened) => {
    const verification = await verify({
      ...everythingOf(opened),
      checks: CHECKS.filter(({ name }) => OF_STREAMS.includes(name)),
    });
    const [first] = verification.differences;
    if (first) throw new Error(`${verification.differences.length} differences, the first: ${JSON.stringify(first)}`);
    return withRows(verification);
  },

  read: async ({ historyApart }, end) => {
    let events = 0;
    for await (const some of historyApart.read({ after: null, upTo: end }, new AbortController().signal))
      events += some.length;
    return { events };
  },

  rebuild: async ({ feed, history, eventStore: reader, database }, end) => {
    const what = rebuildables(createFolds({ reader })).find(({ name }) => name === orderViewSchema.name);
    if (!what) throw new Error('there is no order view');
    // an empty build serves that says it has seen the whole log: the new one is made up to there
    await database.query('INSERT INTO checkpoints (name, position, epoch) VALUES ($1, $2, 1)', [
      what.readModel.name,
      end.toString(),
    ]);
    let events = 0;
    const { signal } = new AbortController();
    const progress = (read: number): void => void (events += read);
    await rebuild({ what, database, feed, history, reader, owner: 'bench', park: false, signal, progress });
    return { events };
  },
};

const withRows = ({ events, rows }: Awaited<ReturnType<typeof verify>>) => ({
  events,
  rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
});

/** Position of an event of the log, counted from its beginning. */
async function positionAt({ history }: Pick<Opened, 'history'>, end: bigint, events: number): Promise<bigint> {
  let left = events;
  for await (const some of history.read({ after: null, upTo: end }, new AbortController().signal)) {
    const last = some[left - 1];
    if (last) return last.position;
    left -= some.length;
  }
  return end;
}

serveJobs<RebuildJob, number | Compared>(async ({ kind, eventStoreUrl, postgresUrl, events: some }) => {
  await migrate({ url: postgresUrl, readModels: READ_MODELS });
  const store = openEventStore({ url: eventStoreUrl });
  const database = openPostgres({ url: postgresUrl, maxConnections: 5 });
  const head = (await store.feed.head()) ?? 0n;
  const end = some === undefined ? head : await positionAt(store, head, some);
  const from = performance.now();
  const { events, rows = 0 } = await works[kind]({ ...store, database }, end);
  const perSecond = events / ((performance.now() - from) / 1_000);
  await database.close();
  await store.close();
  if (kind !== 'compare') return perSecond;
  return { perSecond, rows, memoryMiB: Math.round(process.resourceUsage().maxRSS / 1_024) };
});
