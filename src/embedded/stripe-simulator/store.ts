import { mkdirSync } from 'node:fs';
import { type Database, open } from 'lmdb';
import { SimulatorFolderUnusable } from './errors.js';
import type { KeptAnswer, Kind, PendingWebhook, Records } from './records.js';

type StoredOf<K extends Kind> = Records[K];

/** What can be asked of the store at any moment; what was acknowledged is seen at once. */
export interface Reader {
  get<K extends Kind>(kind: K, id: string): StoredOf<K> | undefined;
  newestFirst<K extends Kind>(kind: K): Iterable<StoredOf<K>>;
  refundsOf(chargeId: string): Iterable<Records['refunds']>;
  keptAnswer(key: string): KeptAnswer | undefined;
  isPending(eventId: string): boolean;
  /** Ids of open sessions whose time is up, at most so many. */
  overdueSessions(now: number, limit: number): readonly string[];
}

/** One unit of work: reads see its own writes; nothing is kept of what {@link discard} takes back or a thrown error leaves behind. */
export interface Work extends Reader {
  nextSeq(): number;
  put<K extends Kind>(kind: K, record: StoredOf<K>): void;
  keepAnswer(key: string, answer: KeptAnswer): void;
  /** Forgets answers kept at or before `until` (seconds), a few at a time. */
  forgetAnswers(until: number): void;
  putPending(webhook: PendingWebhook): void;
  removePending(eventId: string): void;
  discard(): void;
}

export interface Store extends Reader {
  /** Runs `work` alone and resolves once everything it wrote is on the disk (fsync); if it throws, nothing is written. */
  transact<T>(work: (tx: Work) => T): Promise<T>;
  pendingWebhooks(): readonly PendingWebhook[];
  close(): Promise<void>;
}

const FORGET_AT_ONCE = 20;

interface Tables {
  readonly records: Database<unknown, [Kind, string]>;
  readonly order: Database<string, [Kind, number]>;
  readonly refunds: Database<string, [string, number]>;
  readonly expiries: Database<true, [number, string]>;
  readonly answers: Database<KeptAnswer, string>;
  readonly answerAges: Database<true, [number, string]>;
  readonly webhooks: Database<PendingWebhook, string>;
  readonly counters: Database<number, string>;
}

/** Opens (or creates) the store in a folder of its own; throws SimulatorFolderUnusable. */
export function openStore(folder: string): Store {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // overlappingSync off: a resolved transaction is one that has been flushed to the disk
    const root = open({ path: folder, noSubdir: false, overlappingSync: false, maxDbs: 12 });
    const tables: Tables = {
      records: root.openDB({ name: 'records' }),
      order: root.openDB({ name: 'order' }),
      refunds: root.openDB({ name: 'refunds' }),
      expiries: root.openDB({ name: 'expiries' }),
      answers: root.openDB({ name: 'answers' }),
      answerAges: root.openDB({ name: 'answerAges' }),
      webhooks: root.openDB({ name: 'webhooks' }),
      counters: root.openDB({ name: 'counters' }),
    };
    const reader = readerOf(tables);
    return {
      ...reader,
      transact: async <T>(work: (tx: Work) => T): Promise<T> => {
        // an error inside is carried out as a value: the transactions that share this commit go on
        const outcome = await root.transaction((): { value: T } | { error: unknown } => {
          const unit = unitOfWork(tables, reader);
          try {
            const value = work(unit.work);
            unit.apply();
            return { value };
          } catch (error) {
            return { error };
          }
        });
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      },
      pendingWebhooks: () => [...tables.webhooks.getRange()].map(({ value }) => value).sort((a, b) => a.seq - b.seq),
      close: () => root.close(),
    };
  } catch (error) {
    throw new SimulatorFolderUnusable(folder, { cause: error });
  }
}

function readerOf(tables: Tables): Reader {
  const get = <K extends Kind>(kind: K, id: string): StoredOf<K> | undefined =>
    tables.records.get([kind, id]) as StoredOf<K> | undefined;
  return {
    get,
    *newestFirst(kind) {
      const range = {
        start: [kind, Infinity] as [typeof kind, number],
        end: [kind, -1] as [typeof kind, number],
        reverse: true,
      };
      for (const { value: id } of tables.order.getRange(range)) {
        const record = get(kind, id);
        if (record) yield record;
      }
    },
    *refundsOf(chargeId) {
      for (const { value: id } of tables.refunds.getRange({
        start: [chargeId, Infinity],
        end: [chargeId, -1],
        reverse: true,
      })) {
        const refund = get('refunds', id);
        if (refund) yield refund;
      }
    },
    keptAnswer: (key) => tables.answers.get(key),
    isPending: (eventId) => tables.webhooks.doesExist(eventId),
    overdueSessions: (now, limit) =>
      [...tables.expiries.getKeys({ end: [now + 1, ''], limit })].map(([, sessionId]) => sessionId),
  };
}

/** Keeps what is written in memory until the work is done, so that a refusal in its midst leaves nothing behind. */
function unitOfWork(tables: Tables, reader: Reader): { work: Work; apply: () => void } {
  const changed = new Map<string, { kind: Kind; record: Records[Kind] }>();
  let writes: (() => void)[] = [];
  let seq = tables.counters.get('seq') ?? 0;

  const work: Work = {
    ...reader,
    get: <K extends Kind>(kind: K, id: string) =>
      (changed.get(`${kind} ${id}`)?.record as StoredOf<K> | undefined) ?? reader.get(kind, id),
    nextSeq: () => ++seq,
    put: (kind, record) => void changed.set(`${kind} ${record.id}`, { kind, record }),
    keepAnswer: (key, answer) => {
      writes.push(() => {
        void tables.answers.put(key, answer);
        void tables.answerAges.put([answer.at, key], true);
      });
    },
    forgetAnswers: (until) => {
      for (const [at, key] of tables.answerAges.getKeys({ end: [until + 1, ''], limit: FORGET_AT_ONCE })) {
        writes.push(() => {
          void tables.answerAges.remove([at, key]);
          // the key may have been used anew since
          if (tables.answers.get(key)?.at === at) void tables.answers.remove(key);
        });
      }
    },
    putPending: (webhook) => void writes.push(() => void tables.webhooks.put(webhook.eventId, webhook)),
    removePending: (eventId) => void writes.push(() => void tables.webhooks.remove(eventId)),
    discard: () => {
      changed.clear();
      writes = [];
    },
  };

  const apply = (): void => {
    for (const { kind, record } of changed.values()) {
      void tables.records.put([kind, record.id], record);
      void tables.order.put([kind, record.seq], record.id);
      if (kind === 'refunds' && 'chargeId' in record) void tables.refunds.put([record.chargeId, record.seq], record.id);
      if ('expiresAt' in record) {
        const key: [number, string] = [record.expiresAt, record.id];
        void (record.status === 'open' ? tables.expiries.put(key, true) : tables.expiries.remove(key));
      }
    }
    for (const write of writes) write();
    if (seq !== tables.counters.get('seq')) void tables.counters.put('seq', seq);
  };
  return { work, apply };
}
