import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { Violation } from '../invariants/violation.js';
import { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { sleep } from './client.js';
import { cook } from './kitchen.js';
import { payer } from './payer.js';
import { type Acknowledged, shopper } from './shopper.js';
import { stockTheShop } from './shop.js';
import { approve, staff } from './staff.js';

/** Everybody outside: the merchant, the shoppers, the payers, the kitchen. */
export class Workload {
  readonly acknowledged: Acknowledged[] = [];
  /** How many still have something to do. */
  busy = 0;
  begun = false;

  constructor(
    private readonly installation: Installation,
    private readonly seed: number,
  ) {
    const { log, provider } = installation;
    const payers = new Random(seed, 11);
    const cooks = new Random(seed, 12);
    const banks = new Random(seed, 13);
    provider.onRefund((refundId) => {
      // most are made before anybody has the answer
      if (banks.chance(0.7)) provider.refunded(refundId);
      else this.#does(sleep(installation, banks.fraction() * 30_000).then(() => provider.refunded(refundId)));
    });
    provider.onSession((sessionId) => this.#does(payer(installation, payers, sessionId)));
    log.onAppended(({ type, data, stream }) => {
      if (type === 'RefundRequested') {
        const { refundId, approval } = data as { refundId: Parameters<typeof approve>[3]; approval: string };
        if (approval === 'required')
          this.#does(approve(installation, cooks, stream.slice('payment-'.length) as PaymentId, refundId));
      }
      if (type !== 'TicketOpened' || installation.settings.kitchenSimulator) return;
      const { ticketId } = data as { ticketId: Parameters<typeof cook>[2] };
      installation.scheduler.schedule(undefined, 0, 'the kitchen sees a ticket', () =>
        this.#does(cook(installation, cooks, ticketId)),
      );
    });
  }

  begin(): void {
    this.#does(this.#shop());
  }

  async #shop(): Promise<void> {
    const random = new Random(this.seed, 10);
    const articles = await stockTheShop(this.installation, random);
    for (let number = 1; number <= random.between(1, 4); number += 1) {
      this.#does(this.#shopper(number, articles));
    }
    this.begun = true;
  }

  async #shopper(number: number, articles: Awaited<ReturnType<typeof stockTheShop>>): Promise<void> {
    const told = await shopper(this.installation, new Random(this.seed, 100 + number), number, articles);
    if (!told) return;
    if (this.installation.log.stream(orderStream(told.orderId)).length === 0) {
      throw new Violation('what was acknowledged is in the log', `${told.orderId} is not`);
    }
    this.acknowledged.push(told);
    this.#does(staff(this.installation, new Random(this.seed, 200 + number), told.orderId));
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
