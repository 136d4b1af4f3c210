import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../../domain/events.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import { categoryOf, locationStream, offerStream } from '../../domain/kernel/streams.js';
import { location, type LocationView, type LocationState, representLocation } from '../../domain/location/index.js';
import { type Offer, offer, type OfferEvent, type OfferView, representOffer } from '../../domain/offer/index.js';
import type { LocationEvent } from '../../domain/location/index.js';
import type { Folds, ListenerDefinition } from '../../subscriptions/contract.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Document, evolveDocument, type Folding, typesOf } from '../documents/document.js';
import { CATALOGUE, LOCATION_TABLE, OFFER_TABLE } from './schema.js';

export interface CatalogueMemoryOptions {
  readonly database: Queryable;
  readonly folds: Folds;
  /** For how long "there is no such thing" is believed without looking again, in milliseconds; default 1,000. */
  readonly believeAbsentMs?: number;
  /** How many absent things are believed in at once; default 10,000. */
  readonly maxAbsent?: number;
}

/** Offers and locations in memory. */
export interface CatalogueMemory {
  /** The offer, or undefined. Reads its stream once where memory does not know the sku; that may throw a system fault. */
  offer(sku: Sku): OfferView | undefined | Promise<OfferView | undefined>;
  location(id: LocationId): LocationView | undefined | Promise<LocationView | undefined>;
  /** Hydrates the memory from the catalogue's tables at their position, then keeps it up; to be added to the subscriptions. */
  readonly listener: ListenerDefinition;
  /** Takes notice of an event earlier than the feed brings it, right after this process appended it. */
  apply(event: RecordedEvent): void;
}

/** Makes a catalogue memory; it is empty (and reads streams) until its listener has begun. */
export function createCatalogueMemory(options: CatalogueMemoryOptions): CatalogueMemory {
  const { database, folds, believeAbsentMs = 1_000, maxAbsent = MAX_ABSENT } = options;
  const absent = { max: maxAbsent, ttl: believeAbsentMs };
  const offers = new Remembered<Offer, OfferEvent, OfferView>(
    offer,
    (stream) => folds.latest(offer, stream),
    representOffer,
    absent,
  );
  const locations = new Remembered<LocationState, LocationEvent, LocationView>(
    location,
    (stream) => folds.latest(location, stream),
    representLocation,
    absent,
  );
  const isOffer = typesOf(offer);
  const isLocation = typesOf(location);
  const memoryOf = (
    stream: string,
  ): Remembered<Offer, OfferEvent, OfferView> | Remembered<LocationState, LocationEvent, LocationView> =>
    categoryOf(stream) === offer.category ? offers : locations;

  return {
    offer: (sku) => offers.get(offerStream(sku)),
    location: (id) => locations.get(locationStream(id)),
    apply: (event) => {
      memoryOf(event.stream).apply(event);
    },
    listener: {
      name: 'catalogue memory',
      wants: (type) => isOffer(type) || isLocation(type),
      from: async () => {
        // the position first: rows that are newer meet events that they stand beyond already
        const { rows } = await database.query<{ position: string | null }>(
          'SELECT position FROM checkpoints WHERE name = $1',
          [CATALOGUE],
        );
        offers.hydrate(await load(database, OFFER_TABLE));
        locations.hydrate(await load(database, LOCATION_TABLE));
        const position = rows[0]?.position;
        return position == null ? null : BigInt(position);
      },
      handle: async (event) => {
        const memory = memoryOf(event.stream);
        if (!memory.apply(event)) await memory.readOn(event);
      },
    },
  };
}

async function load<State>(database: Queryable, table: string): Promise<ReadonlyMap<string, Document<State>>> {
  const { rows } = await database.query<{ id: string; revision: number; state: State }>(
    `SELECT id, revision, state FROM ${table}`,
  );
  return new Map(rows.map(({ id, revision, state }) => [id, { revision, state }]));
}

const MAX_ABSENT = 10_000;

/** Documents of one kind by stream, with their views. */
class Remembered<State, Event extends DomainEventShape, View> {
  private readonly known = new Map<string, Document<State> & { readonly view: View | undefined }>();
  private readonly reading = new Map<string, Promise<View | undefined>>();
  private readonly absent: LRUCache<string, true>;

  constructor(
    private readonly folding: Folding<State, Event>,
    private readonly latest: (stream: string) => Promise<{ readonly state: State; readonly revision: number }>,
    private readonly represent: (state: State, revision: number) => View | undefined,
    absent: { readonly max: number; readonly ttl: number },
  ) {
    this.absent = new LRUCache(absent);
  }

  get(stream: string): View | undefined | Promise<View | undefined> {
    const known = this.known.get(stream);
    if (known) return known.view;
    if (this.absent.get(stream)) return undefined;
    return this.read(stream);
  }

  hydrate(documents: ReadonlyMap<string, Document<State>>): void {
    for (const [stream, document] of documents) this.keep(stream, document);
  }

  /**
   * False when memory may lack the events before this one. What nobody has asked for is not remembered: while the feed is
   * still behind, its events tell what things were once, and a price of then is not to be sold at.
   */
  apply(event: RecordedEvent): boolean {
    this.absent.delete(event.stream);
    const known = this.known.get(event.stream);
    if (!known) return !this.reading.has(event.stream);
    if (event.revision > known.revision + 1) return false;
    this.keep(event.stream, evolveDocument(this.folding, known, event));
    return true;
  }

  /** Reads on to an event at least: a read that is under way may have begun before it was stored. */
  async readOn({ stream, revision }: RecordedEvent): Promise<void> {
    await this.reading.get(stream);
    if ((this.known.get(stream)?.revision ?? -1) < revision) await this.read(stream);
  }

  /** Reads the stream's newest state; those who ask at the same time share one read. */
  read(stream: string): Promise<View | undefined> {
    const reading = this.reading.get(stream);
    if (reading) return reading;
    const read = this.latest(stream)
      .then((document) => {
        if (document.revision < 0) this.absent.set(stream, true);
        else this.keep(stream, document);
        return this.known.get(stream)?.view;
      })
      .finally(() => this.reading.delete(stream));
    this.reading.set(stream, read);
    return read;
  }

  private keep(stream: string, { revision, state }: Document<State>): void {
    const known = this.known.get(stream);
    if (known && known.revision >= revision) return;
    this.known.set(stream, { revision, state, view: this.represent(state, revision) });
  }
}
