import { LRUCache } from 'lru-cache';
import { AGGREGATES, type FoldableAggregate } from '../../domain/aggregates.js';
import type { RecordedEvent } from '../../domain/events.js';
import * as E from 'fp-ts/lib/Either.js';
import { feedItem } from '../../subscriptions/feed/feedItem.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';
import type { StreamReader } from '../../subscriptions/ports/streamReader.js';
import type { Document } from '../documents/document.js';

const MAX_STREAMS = 200_000;

/** Folds streams event by event, and keeps the newest state of as many as memory allows, from batch to batch. */
export class FoldedStreams {
  private readonly known = new LRUCache<string, Document<unknown>>({ max: MAX_STREAMS });

  constructor(private readonly reader: StreamReader) {}

  /** The stream after these events of it; events that it stands beyond already change nothing. */
  async after(
    category: string,
    stream: string,
    events: readonly RecordedEvent[],
  ): Promise<Document<unknown> | undefined> {
    const aggregate = aggregateOf(category);
    const [first] = events;
    if (!first) return this.known.get(stream);
    let document = this.known.get(stream);
    if (first.revision > 0 && (document?.revision ?? -1) < first.revision - 1) {
      document = await foldUpTo(this.reader, category, stream, first.revision - 1);
    }
    for (const event of events) {
      if (document && event.revision <= document.revision) continue;
      if (event.revision !== (document?.revision ?? -1) + 1) {
        throw new UnprocessableEvent(
          `${stream} stands at ${document?.revision ?? -1} and cannot go on at ${event.revision}`,
        );
      }
      document = evolve(aggregate, document, event);
    }
    return document;
  }

  /** To be called when what the documents led to is stored. */
  keep(documents: ReadonlyMap<string, Document<unknown>>): void {
    for (const [stream, document] of documents) this.known.set(stream, document);
  }
}

/** A stream as its events up to a revision fold, straight from the log; undefined where it does not go so far. */
export async function foldUpTo(
  reader: StreamReader,
  category: string,
  stream: string,
  revision: number,
): Promise<Document<unknown> | undefined> {
  const aggregate = aggregateOf(category);
  let document: Document<unknown> | undefined;
  for await (const stored of reader.read(stream, { maxCount: revision + 1 })) {
    const { decoded } = feedItem(stored);
    if (E.isLeft(decoded)) throw new UnprocessableEvent(`${stream}@${stored.revision}: ${decoded.left.reason}`);
    document = evolve(aggregate, document, decoded.right);
  }
  return document?.revision === revision ? document : undefined;
}

const evolve = (
  aggregate: FoldableAggregate,
  document: Document<unknown> | undefined,
  { event, revision }: RecordedEvent,
): Document<unknown> => ({
  revision,
  state: aggregate.evolve((document ? document.state : aggregate.initial) as never, event as never),
});

const BY_CATEGORY: ReadonlyMap<string, FoldableAggregate> = new Map(
  AGGREGATES.map((aggregate: FoldableAggregate) => [aggregate.category, aggregate]),
);

function aggregateOf(category: string): FoldableAggregate {
  const aggregate = BY_CATEGORY.get(category);
  if (!aggregate) throw new Error(`no aggregate has streams of ${category}`);
  return aggregate;
}
