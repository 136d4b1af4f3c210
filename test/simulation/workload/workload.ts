import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { Violation } from '../invariants/violation.js';
import { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { amender } from './amender.js';
import { lookAtTheBooks } from './books.js';
import { bank, desk } from './desk.js';
import { keeper } from './keeper.js';
import { cook } from './kitchen.js';
import { payer } from './payer.js';
import { regular } from './regulars.js';
import { returner } from './returner.js';
import { type Acknowledged, shopper } from './shopper.js';
import { type Article, drawArticles, openShop, stockTheShop } from './shop.js';
import { goOn, shelf } from './shelf.js';
import { approve, decide, decideOnMoney, staff } from './staff.js';

/** How many there are: one in most seeds, two who want the same where stock matters, now and then a queue. */
const SHOPPERS = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 4] as const;

/** Everybody outside: the merchant, the shoppers, the payers, the kitchen. */
export class Workload {
  readonly acknowledged: Acknowledged[] = [];
  /** How many still have something to do. */
  busy = 0;
  begun = false;
  readonly #random: Random;
  readonly #books: Random;
  readonly #articles: readonly Article[];
  /** In most seeds the shop has been open for a while when the processes start. */
  readonly #isOpen: boolean;

  constructor(
    private readonly installation: Installation,
    private readonly seed: number,
  ) {
    const { log, provider } = installation;
    this.#random = new Random(seed, 10);
    this.#articles = drawArticles(this.#random);
    this.#isOpen = this.#random.chance(0.85);
    this.#books = new Random(seed, 22);
    const payers = new Random(seed, 11);
    const cooks = new Random(seed, 12);
    const banks = new Random(seed, 13);
    const fates = new Random(seed, 20);
    const shelves = new Random(seed, 25);
    const desks = new Random(seed, 21);
    const tills = new Random(seed, 23);
    provider.refunds.onMade((id) => this.#does(bank(installation, { prompt: banks, fate: fates }, id)));
    provider.onPaid((intentId) => this.#does(desk(installation, desks, intentId)));
    provider.onSession((sessionId) => this.#does(payer(installation, payers, sessionId)));
    log.onAppended(({ type, data, stream }) => {
      if (type === 'RefundRequested') {
        const { refundId, approval } = data as { refundId: Parameters<typeof approve>[3]; approval: string };
        if (approval === 'required')
          this.#does(approve(installation, cooks, stream.slice('payment-'.length) as PaymentId, refundId));
      }
      if (type === 'ProviderMismatchDetected')
        this.#does(decideOnMoney(installation, tills, stream.slice('payment-'.length) as PaymentId));
      const { kind } = data as { readonly kind?: unknown };
      if (type === 'OrderHeld' && kind === 'shortage')
        this.#does(goOn(installation, shelves, stream.slice('order-'.length) as OrderId));
      if (type === 'OrderHeld' && kind === 'mismatch')
        this.#does(decide(installation, cooks, stream.slice('order-'.length) as OrderId));
      if (type !== 'TicketOpened' || installation.settings.kitchenSimulator) return;
      const { ticketId } = data as { ticketId: Parameters<typeof cook>[2] };
      installation.scheduler.schedule(undefined, 0, 'the kitchen sees a ticket', () =>
        this.#does(cook(installation, cooks, ticketId)),
      );
    });
  }

  /** Before the first process starts, and before anything goes wrong. */
  prepare(): Promise<void> {
    return openShop(this.installation, this.#isOpen ? this.#articles : []);
  }

  begin(): void {
    this.#does(this.#shop());
  }

  /** Compares the provider's books, as is done every few minutes, where webhooks that crossed or were lost left a refund behind. */
  lookAtTheBooks(): void {
    this.#does(lookAtTheBooks(this.installation, this.#books));
  }

  async #shop(): Promise<void> {
    if (!this.#isOpen) await stockTheShop(this.installation, this.#random, this.#articles);
    this.#does(shelf(this.installation, new Random(this.seed, 26), this.#articles));
    const shoppers = this.#random.pick(SHOPPERS) ?? 1;
    for (let number = 1; number <= shoppers; number += 1) this.#does(this.#shopper(number));
    this.begun = true;
  }

  async #shopper(number: number): Promise<void> {
    const told = await shopper(this.installation, new Random(this.seed, 100 + number), number, this.#articles);
    if (!told) return;
    if (this.installation.log.stream(orderStream(told.orderId)).length === 0) {
      throw new Violation('what was acknowledged is in the log', `${told.orderId} is not`);
    }
    this.acknowledged.push(told);
    this.#does(staff(this.installation, new Random(this.seed, 200 + number), told.orderId));
    this.#does(keeper(this.installation, new Random(this.seed, 400 + number), told.orderId));
    this.#does(regular(this.installation, new Random(this.seed, 500 + number), told.orderId));
    this.#does(returner(this.installation, new Random(this.seed, 600 + number), told.orderId));
    this.#does(amender(this.installation, new Random(this.seed, 300 + number), told.orderId, this.#articles));
  }

  #does(work: Promise<void>): void {
    this.busy += 1;
    work
      .catch(
        (error: unknown) => (this.installation.violation ??= error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => (this.busy -= 1));
  }
}
