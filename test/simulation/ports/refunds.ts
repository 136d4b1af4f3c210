import * as E from 'fp-ts/lib/Either.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import type {
  PaymentProvider,
  ProviderRefund,
  ProviderRefused,
} from '../../../src/consumers/payment/ports/paymentProvider.js';

/** What money did at the provider; `returned`: a refund failed. */
export interface Movement {
  readonly kind: 'charge' | 'refund' | 'returned';
  readonly intentId: string;
  readonly amount: number;
}

type Made = { -readonly [K in keyof ProviderRefund]: ProviderRefund[K] } & { intentId: string };
interface Told {
  readonly type: string;
  readonly id: string;
  readonly intentId: string;
}

/** The provider's refunds: those that we ask for, and those that somebody makes at its desk. What fails is there again. */
export class Refunds {
  readonly all: Made[] = [];
  /** Those that have failed after it said that they had gone, or were made at its desk: of these a webhook may have come to nothing. */
  readonly unsteady = new Set<string>();
  readonly #listeners: ((providerRefundId: string) => void)[] = [];

  constructor(
    private readonly ledger: Movement[],
    private readonly tell: (webhook: Told) => void,
  ) {}

  /** Told of every refund of ours that the bank has still to make. */
  onMade(listener: (providerRefundId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Gives money back, once for each refund id. */
  make(request: Parameters<PaymentProvider['refund']>[0]): E.Either<ProviderRefused, ProviderRefund> {
    const { refundId, paymentId, orderId, intentId, amount } = request;
    const known = this.#find(`re_${refundId}`);
    if (known) return E.right({ ...known });
    if (this.balanceOf(intentId) < amount.amount)
      return E.left(refused('charge_already_refunded', 'more than was charged', 400));
    const made = this.#add(`re_${refundId}`, intentId, amount, { orderId, paymentId, refundId });
    for (const listener of this.#listeners) listener(made.providerRefundId);
    return E.right({ ...made });
  }

  /** Somebody at the provider's desk gives money back, of what is left there; it looks good at once. */
  makeByHand(intentId: string, amount: Money): string {
    if (this.balanceOf(intentId) < amount.amount) throw new Error(`there is not so much left of ${intentId}`);
    const made = this.#add(`re_desk_${this.all.length}`, intentId, amount, {});
    made.status = 'succeeded';
    this.unsteady.add(made.providerRefundId);
    this.tell({ type: 'refund.created', id: made.providerRefundId, intentId });
    return made.providerRefundId;
  }

  /** The bank has made a refund: at once, or some time later. */
  succeed(providerRefundId: string): void {
    const refund = this.#find(providerRefundId);
    if (refund?.status !== 'pending') return;
    refund.status = 'succeeded';
    this.tell({ type: 'refund.updated', id: providerRefundId, intentId: refund.intentId });
  }

  /** A refund comes back, although it looked good maybe: the payer's account is closed. */
  fail(providerRefundId: string): void {
    const refund = this.#find(providerRefundId);
    if (!refund || refund.status === 'failed') return;
    refund.status = 'failed';
    refund.failureReason = 'expired_or_canceled_card';
    this.unsteady.add(providerRefundId);
    this.ledger.push({ kind: 'returned', intentId: refund.intentId, amount: refund.amount.amount });
    this.tell({ type: 'refund.failed', id: providerRefundId, intentId: refund.intentId });
  }

  /** Those of one intent, the newest first. */
  ofIntent(intentId: string): readonly ProviderRefund[] {
    return this.all
      .filter((refund) => refund.intentId === intentId)
      .map((refund) => ({ ...refund }))
      .reverse();
  }

  /** Charged less refunded. */
  balanceOf(intentId: string): number {
    return this.ledger
      .filter((movement) => movement.intentId === intentId)
      .reduce((sum, movement) => sum + signed(movement), 0);
  }

  #find(providerRefundId: string): Made | undefined {
    return this.all.find((refund) => refund.providerRefundId === providerRefundId);
  }

  #add(providerRefundId: string, intentId: string, amount: Money, metadata: ProviderRefund['metadata']): Made {
    const made: Made = { providerRefundId, status: 'pending', amount, intentId, metadata };
    this.all.push(made);
    this.ledger.push({ kind: 'refund', intentId, amount: amount.amount });
    return made;
  }
}

/** What a movement adds to what the provider holds for us. */
export const signed = ({ kind, amount }: Movement): number => (kind === 'refund' ? -amount : amount);

/** The provider's no. */
export const refused = (code: string, text: string, status: number): ProviderRefused => ({
  _tag: 'ProviderRefused',
  code,
  text,
  status,
});
