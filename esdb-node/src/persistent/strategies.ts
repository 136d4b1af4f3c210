import { createHash } from 'node:crypto';
import { fieldsOf } from '../log/metadata.js';
import { decodeRecorded } from '../protocol/recorded.js';
import type { Consumer } from './consumer.js';
import type { Loaded } from './event.js';
import { subjectOf } from './event.js';
import type { Message } from './message.js';

/** `later`: the consumer that the message belongs to has no room; others may take the next ones. */
export type Choice = Consumer | 'later' | 'nobody';

/** Decides which consumer gets a message. */
export interface Strategy {
  /** The consumers have changed. */
  use(consumers: readonly Consumer[]): void;
  /** @param load reads the message where the decision needs more than its place */
  pick(message: Message, load: () => Loaded | undefined): Choice;
}

/** One after the other, as far as they have room. */
class RoundRobin implements Strategy {
  private consumers: readonly Consumer[] = [];
  private next = 0;

  use(consumers: readonly Consumer[]): void {
    this.consumers = consumers;
    this.next = consumers.length === 0 ? 0 : this.next % consumers.length;
  }

  pick(): Choice {
    for (let k = 0; k < this.consumers.length; k += 1) {
      const index = (this.next + k) % this.consumers.length;
      const consumer = this.consumers[index] as Consumer;
      if (!consumer.hasRoom) continue;
      this.next = (index + 1) % this.consumers.length;
      return consumer;
    }
    return 'nobody';
  }
}

/** Always the same one, until it has no room. */
class DispatchToSingle implements Strategy {
  private consumers: readonly Consumer[] = [];
  private current = 0;

  use(consumers: readonly Consumer[]): void {
    const kept = consumers.indexOf(this.consumers[this.current] as Consumer);
    this.consumers = consumers;
    this.current = Math.max(kept, 0);
  }

  pick(): Choice {
    for (let k = 0; k < this.consumers.length; k += 1) {
      const index = (this.current + k) % this.consumers.length;
      const consumer = this.consumers[index] as Consumer;
      if (!consumer.hasRoom) continue;
      this.current = index;
      return consumer;
    }
    return 'nobody';
  }
}

/** As many kinds of messages are told apart; what falls into one bucket stays together. */
const BUCKETS = 1024;

const hash = (text: string): number => createHash('md5').update(text).digest().readUInt32LE(0);

/**
 * Messages of one kind to one consumer, while it is there. Who gets a bucket follows from the consumers alone (highest random
 * weight): when one comes or leaves, only the buckets that it gets or had move.
 */
class Pinned implements Strategy {
  private consumers: readonly Consumer[] = [];
  private readonly owners = new Map<number, Consumer>();

  constructor(private readonly kindOf: (loaded: Loaded) => string) {}

  use(consumers: readonly Consumer[]): void {
    this.consumers = consumers;
    this.owners.clear();
  }

  pick(message: Message, load: () => Loaded | undefined): Choice {
    if (!this.consumers.some(({ hasRoom }) => hasRoom)) return 'nobody';
    const bucket = (message.bucket ??= this.bucketOf(load()));
    const owner = this.owners.get(bucket) ?? this.assign(bucket);
    return owner.hasRoom ? owner : 'later';
  }

  private bucketOf(loaded: Loaded | undefined): number {
    return loaded ? hash(this.kindOf(loaded)) % BUCKETS : 0;
  }

  private assign(bucket: number): Consumer {
    const weigh = ({ number }: Consumer): number => hash(`${bucket}/${number}`);
    const owner = this.consumers.reduce((best, other) => (weigh(other) > weigh(best) ? other : best));
    this.owners.set(bucket, owner);
    return owner;
  }
}

const byStream = ({ event, original }: Loaded): string => subjectOf(decodeRecorded(event ?? original));

const CORRELATION = '$correlationId';

const byCorrelation = (loaded: Loaded): string => {
  const { customMetadata } = decodeRecorded(loaded.event ?? loaded.original);
  try {
    const value = fieldsOf(customMetadata).get(CORRELATION);
    if (value?.kind === 'text') return value.value;
  } catch {
    // metadata that says nothing
  }
  return byStream(loaded);
};

/** The strategies by the names that clients know. */
export const STRATEGIES = {
  RoundRobin: (): Strategy => new RoundRobin(),
  DispatchToSingle: (): Strategy => new DispatchToSingle(),
  Pinned: (): Strategy => new Pinned(byStream),
  PinnedByCorrelation: (): Strategy => new Pinned(byCorrelation),
} as const;
export type StrategyName = keyof typeof STRATEGIES;
