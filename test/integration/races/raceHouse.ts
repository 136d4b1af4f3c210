import type { ApiDependencies } from '../../../src/api/createApi.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import type { PaymentCommand } from '../../../src/domain/payment/index.js';
import type { Script } from '../../../src/embedded/stripe-simulator/index.js';
import type { DayBook } from '../../../src/processes/reconciliation/dayBook.js';
import type { Reconciled, Span } from '../../../src/processes/reconciliation/reconcile.js';
import type { Ledger } from '../../contract/stripe/rig.js';
import type { TestApi } from '../../support/inMemory/api.js';
import type { EndsAt } from '../../support/world/fuse.js';

/** An order as the API shows it, as far as these tests look at it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly revision: number;
  readonly payment: { readonly link?: string; readonly captured: { readonly amount: number } };
  readonly refunds: { readonly status: string; readonly due: Money; readonly refunded: Money };
  readonly lines: readonly { readonly lineId: string; readonly sku: string }[];
  readonly cancellation?: { readonly state: string; readonly cause?: string };
}

/**
 * Comanda composed as it runs, its ports in memory: the API over HTTP, every process, consumer, timer and the webhook inbox as
 * loops of their own beside it, with an executor of their own, so that they really race for the streams; and the Stripe
 * simulator as a server, its webhooks sent over HTTP and its script in the test's hands.
 */
export interface RaceHouse extends Pick<TestApi, 'base' | 'request' | 'as'> {
  /** Puts units of an article on the shelf. */
  article(sku: string, onHand: number): Promise<void>;
  /** Places an order of these articles. */
  place(key: string, skus?: string | readonly string[], quantity?: number): Promise<string>;
  order(id: string): Promise<Shown>;
  /** Waits until the order has one of these statuses. */
  reaches(id: string, ...statuses: readonly string[]): Promise<Shown>;
  /** Where the order is paid, as soon as that is known. */
  link(id: string): Promise<string>;
  /** The same for a payment beside the first one. */
  linkOf(paymentId: string): Promise<string>;
  /** Waits until so much, in all, has gone back at the provider. */
  refunded(amount: number): Promise<void>;
  /** The page of the only session that the provider has, whether we know of it or not. */
  sessionAtTheProvider(): Promise<string>;
  /** What the payer does on the page, and what comes of it. */
  pay(link: string, outcome?: 'succeed' | 'decline' | 'process'): Promise<string | undefined>;
  /** The types of the events of a stream, or of its category's only stream. */
  types(stream: string): readonly string[];
  data(stream: string, type: string): readonly Readonly<Record<string, unknown>>[];
  /** How many units are on the shelf, and how many of them are promised. */
  shelf(sku: string): Promise<{ readonly onHand: number; readonly reserved: number }>;
  script(script: Script): void;
  /** What the payer's bank says of a refund, or anybody at the provider's own desk does. */
  atTheProvider(path: string, body: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
  ledger(): Promise<Ledger>;
  /** From now on the messages of a queue get lost; called, what this answers finds them again. */
  lose(queue: string): () => void;
  /** Something is asked of an order's first payment that nobody else would ask. */
  tellPayment(orderId: string, command: PaymentCommand): Promise<void>;
  /** The next event of that type is one that this process could not work, and that somebody discarded. */
  discard(process: string, type: string): void;
  /** The same, and nobody wrote down that it was discarded: only by how things stand can it be found. */
  forget(process: string, type: string): void;
  /** Both clocks move on, and what is due then is done. */
  forward(minutes: number): void;
  /** What other services were told, in this order. */
  published(): readonly { readonly id: string; readonly type: string }[];
  /** Reconciles as it is done every two minutes, or at longer intervals. */
  reconcile(span?: Span): Promise<Reconciled>;
  /** The payments and refunds of a day (`YYYY-MM-DD`, UTC), the provider's and ours. */
  dayBook(day: string): Promise<DayBook>;
  /** The present program, and each that comes after it, dies at that point; by default none does. */
  endPrograms(at?: number | EndsAt): void;
  /** How many programs have died. */
  deaths(): number;
  /**
   * Another program begins beside the present one and owns its checkpoints from now on; the present one does not know. Its machine is so
   * many minutes ahead, by default as many as the first one.
   */
  takeOver(minutes?: number): void;
  /** The same API on a machine whose clock is so many minutes ahead, with whatever else is its own. */
  onAnotherMachine(minutes: number, its?: Partial<ApiDependencies>): Promise<Pick<TestApi, 'request'>>;
  /** Waits until nobody has anything left to do. */
  rest(): Promise<void>;
  leave(): Promise<void>;
}

/** How many minutes the clocks of machines are ahead of the right time, which is the provider's; negative: behind. */
export interface Skews {
  /** Of the machine whose API hears of webhooks. */
  readonly api?: number;
  readonly program?: number;
  /** Of the database, by which timers are due. */
  readonly database?: number;
}

export interface HouseOptions {
  /** The kitchen cooks by itself; by default it does. */
  readonly simulateKitchen?: boolean;
  readonly skews?: Skews;
  /** Consumers of messages beside those that every program has. */
  readonly alsoTold?: (parts: Pick<TestApi, 'executor' | 'personalData'>) => readonly ConsumeOptions[];
  /** Read models of another kind than those in memory, fed with what is stored. */
  readonly views?: (parts: Pick<TestApi, 'store' | 'wakeUp'>) => Partial<ApiDependencies>;
}
