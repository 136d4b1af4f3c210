/** What the provider's books say; amounts in the currency's minor units. */
export interface Ledger {
  readonly currencies: Readonly<Record<string, { charged: number; refunded: number; balance: number }>>;
  readonly charges: readonly {
    readonly id: string;
    readonly status: string;
    readonly amount: number;
    readonly amountRefunded: number;
    readonly paymentIntent: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
  readonly refunds: readonly {
    readonly id: string;
    readonly status: string;
    readonly amount: number;
    readonly paymentIntent: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
  readonly pendingWebhooks: number;
}

export async function ledgerOf(stripeUrl: string): Promise<Ledger> {
  const response = await fetch(`${stripeUrl}/simulator/ledger`, { signal: AbortSignal.timeout(30_000) });
  return (await response.json()) as Ledger;
}

/** A session as the provider's own list shows it. */
export interface Session {
  readonly id: string;
  readonly status: string;
  readonly payment_status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Every session that was ever made, by the provider's own list. */
export async function sessionsOf(stripe: {
  readonly url: string;
  readonly secretKey: string;
}): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  for (let after = ''; ;) {
    const response = await fetch(`${stripe.url}/v1/checkout/sessions?limit=100${after}`, {
      headers: { authorization: `Bearer ${stripe.secretKey}` },
    });
    const page = (await response.json()) as { readonly data: readonly Session[]; readonly has_more: boolean };
    sessions.push(...page.data);
    const last = page.data.at(-1);
    if (!page.has_more || last === undefined) return sessions;
    after = `&starting_after=${last.id}`;
  }
}
