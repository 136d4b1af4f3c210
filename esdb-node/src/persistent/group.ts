import { decodeRecorded, idOf as eventIdOf } from '../protocol/recorded.js';
import { NackAction } from '../protocol/persistent.js';
import type { ServerCall } from '../transport/call.js';
import type { ConsumerOptions } from './consumer.js';
import { Consumer } from './consumer.js';
import { groupDropped, groupFull } from './errors.js';
import { deliveryOf, linkTo, load } from './event.js';
import type { Feed } from './feed.js';
import type { Message } from './message.js';
import { again, goesBefore, isReplayed } from './message.js';
import type { FeedServices } from './openFeed.js';
import { openFeed } from './openFeed.js';
import { Outstanding } from './outstanding.js';
import { Progress } from './progress.js';
import { Queue } from './queue.js';
import type { GroupDefinition } from './settings.js';
import { idOf } from './settings.js';
import type { Strategy } from './strategies.js';
import { STRATEGIES } from './strategies.js';
import { ParkedStream } from './systemStreams.js';

/** What a group needs of the node. */
export interface GroupServices extends FeedServices {
  readonly now: () => number;
  /** Told of what is the node's own fault. */
  readonly report: (fault: unknown) => void;
  /** Has `tick` called every second until it returns false. */
  readonly watch: (group: Group) => void;
}

/** A group at work: messages from its source to its consumers, and what becomes of them. */
export class Group {
  readonly id: string;
  readonly parked: ParkedStream;
  readonly progress: Progress;
  readonly feed: Feed;
  readonly outstanding = new Outstanding();
  /** What is to be tried again, and what is replayed. */
  readonly retry = new Queue<Message>();
  consumers: readonly Consumer[] = [];
  total = 0;
  sinceMeasured = 0;
  readonly since: number;
  private readonly strategy: Strategy;
  private numbers = 0;
  private stopped = false;

  constructor(
    readonly definition: GroupDefinition,
    private readonly services: GroupServices,
  ) {
    const { log, report, now } = services;
    this.id = idOf(definition);
    this.since = now();
    this.parked = new ParkedStream(log, this.id);
    this.progress = new Progress(log, definition, this.id, report);
    this.strategy = STRATEGIES[definition.settings.strategy]();
    this.feed = openFeed(services, definition, this.progress, () => this.fed());
  }

  /** Throws GrpcError when there are as many consumers as may be. */
  connect(call: ServerCall, options: ConsumerOptions): Consumer {
    const { maxSubscriberCount } = this.definition.settings;
    if (maxSubscriberCount !== 0 && this.consumers.length >= maxSubscriberCount) {
      throw groupFull(this.definition.source, this.definition.name);
    }
    const consumer = new Consumer(this.numbers++, call, options);
    this.use([...this.consumers, consumer]);
    return consumer;
  }

  /** Gives a consumer that was told that it is connected its first messages. */
  welcome(consumer: Consumer): void {
    if (this.feed.unreadable) this.disconnect(consumer);
    else this.push();
  }

  /** A consumer has left: others get what it held, whatever the retry count. */
  leave(consumer: Consumer): void {
    if (!this.consumers.includes(consumer)) return;
    this.use(this.consumers.filter((other) => other !== consumer));
    for (const message of this.outstanding.takeFrom(consumer)) this.tryAgain(message);
    this.push();
  }

  /** Messages are done with, whoever holds them; ids that are not out are passed over. */
  ack(eventIds: readonly string[]): void {
    const now = this.services.now();
    for (const id of eventIds) {
      for (const message of this.outstanding.take(id, now)) this.finish(message);
    }
    this.goOn();
  }

  nack(eventIds: readonly string[], action: number, reason: string): void {
    const now = this.services.now();
    for (const id of eventIds) {
      for (const message of this.outstanding.take(id, now)) this.refuse(message, action, reason);
    }
    this.goOn();
  }

  /** Gives parked messages to the consumers again, up to `stopAt` (exclusive). Resolves when the parked stream has let go of them. */
  async replay(stopAt: bigint | undefined): Promise<void> {
    const { positions, end } = this.parked.waiting(stopAt);
    if (positions.length === 0) return;
    for (const position of positions) this.retry.push({ position, entry: undefined, retries: 0 });
    const truncated = this.parked.truncate(end);
    this.push();
    await truncated;
  }

  /** Once a second, while there is something to look after; false when there is not. */
  tick(): boolean {
    if (this.stopped) return false;
    const { maxRetryCount } = this.definition.settings;
    for (const message of this.outstanding.takeExpired(this.services.now())) {
      if (message.retries < maxRetryCount) this.tryAgain(message);
      else this.park(message, `Reached retry count of ${maxRetryCount}`);
    }
    this.progress.check(this.services.now(), true);
    this.push();
    return this.outstanding.count > 0 || this.progress.due;
  }

  /** Ends the group's work and its consumers. */
  stop(): void {
    this.stopped = true;
    this.feed.close();
    for (const consumer of this.consumers) this.disconnect(consumer);
  }

  /**
   * Parks replayed messages again that nobody has finished: the parked stream has let go of them, and a group that is started anew
   * does not know them. Resolves when they are safe. For a group that is stopped.
   */
  async keepReplays(): Promise<void> {
    const replays = [...this.retry].filter(isReplayed);
    const loaded = replays.flatMap((message) => this.load(message) ?? []);
    const reason = 'Replayed, but not finished when the group was stopped';
    await Promise.all(
      loaded.map((one) => this.parked.park(linkTo(one), reason, decodeRecorded(one.original).revision)),
    );
  }

  private use(consumers: readonly Consumer[]): void {
    this.consumers = consumers;
    this.strategy.use(consumers);
  }

  private disconnect(consumer: Consumer): void {
    this.use(this.consumers.filter((other) => other !== consumer));
    for (const message of this.outstanding.takeFrom(consumer)) this.tryAgain(message);
    consumer.drop(groupDropped(this.definition.source, this.definition.name));
  }

  /** The feed has read on by itself. */
  private fed(): void {
    if (this.stopped) return;
    if (this.feed.unreadable) for (const consumer of this.consumers) this.disconnect(consumer);
    this.push();
    this.progress.check(this.services.now(), false);
    if (this.progress.due) this.services.watch(this);
  }

  private goOn(): void {
    if (this.stopped) return;
    this.progress.check(this.services.now(), false);
    this.feed.pull();
    this.push();
    if (this.progress.due) this.services.watch(this);
  }

  private finish(message: Message): void {
    if (message.entry !== undefined) this.progress.finish(message.entry);
  }

  private tryAgain(message: Message): void {
    const next = again(message);
    this.retry.insert(next, (other) => goesBefore(next, other));
  }

  private refuse(message: Message, action: number, reason: string): void {
    const { maxRetryCount } = this.definition.settings;
    switch (action) {
      case NackAction.PARK:
        return this.park(message, `Client explicitly NAK'ed message.\n${reason}`);
      // a real server's stop only skips
      case NackAction.SKIP:
      case NackAction.STOP:
        return this.finish(message);
      default:
        if (message.retries < maxRetryCount) return this.tryAgain(message);
        return this.park(message, `Reached retry count of ${maxRetryCount}`);
    }
  }

  /** Puts a message aside. Until it is safe there the checkpoint stays in front of it; when it cannot be, it is tried again. */
  private park(message: Message, reason: string): void {
    const loaded = this.load(message);
    if (!loaded) return this.finish(message);
    const { revision } = decodeRecorded(loaded.original);
    this.parked
      .park(linkTo(loaded), reason, revision)
      .then(() => {
        this.finish(message);
        this.goOn();
      })
      .catch((fault: unknown) => {
        this.services.report(fault);
        this.tryAgain(message);
      });
  }

  private load(message: Message): ReturnType<typeof load> {
    return load(this.services.log.reader, message, this.definition.settings.resolveLinks);
  }

  /** Sends what there is to whoever has room, what is tried again first. */
  private push(): void {
    if (this.consumers.length === 0) return;
    if (this.pushFrom(this.retry)) this.pushFrom(this.feed.queue);
    this.feed.refill();
    for (const consumer of this.consumers) consumer.flush();
    if (this.outstanding.count > 0) this.services.watch(this);
  }

  /** False when nobody takes any more. */
  private pushFrom(queue: Queue<Message>): boolean {
    for (let at = 0; at < queue.length;) {
      const message = queue.at(at) as Message;
      const picked = this.strategy.pick(message, () => this.load(message));
      if (picked === 'nobody') return false;
      if (picked === 'later') at += 1;
      else {
        queue.remove(at);
        this.send(message, picked);
      }
    }
    return true;
  }

  private send(message: Message, consumer: Consumer): void {
    const loaded = this.load(message);
    // a scavenge was faster
    if (!loaded) return this.finish(message);
    const now = this.services.now();
    const { messageTimeout } = this.definition.settings;
    this.outstanding.add(eventIdOf(loaded.original), { message, consumer, sentAt: now, expires: now + messageTimeout });
    consumer.send(deliveryOf(loaded, message, consumer.options.structuredIds));
    this.total += 1;
    this.sinceMeasured += 1;
  }
}
