import { setTimeout as sleep } from 'node:timers/promises';
import * as t from 'io-ts';

const Call = t.partial({
  /** Which calls: all when not given. */
  method: t.keyof({ GET: null, POST: null }),
  /** The beginning of the path, for example `/v1/refunds`. */
  path: t.string,
  /** How many calls; 1 when not given. */
  times: t.number,
  delayMs: t.number,
  /** Everything is done and kept at once, and the answer comes so much later: webhooks overtake it. */
  answerAfterMs: t.number,
  /**
   * `error`: answered with `status` and nothing done. `drop`: the connection breaks before anything is done.
   * `lose_answer`: everything is done and kept, then the connection breaks.
   */
  outcome: t.keyof({ error: null, drop: null, lose_answer: null }),
  /** Of an `error`; 500 when not given. */
  status: t.number,
  /** The `error` is kept under the request's idempotency key, as Stripe keeps its own failures. */
  kept: t.boolean,
});

const PayableCodec = t.exact(t.intersection([t.type({ amount: t.number }), t.partial({ currency: t.string })]));
/** What a payer pays where a test wants it to be something else than the session asks for. */
export type Payable = t.TypeOf<typeof PayableCodec>;

/** What a test can ask of the simulator: `POST /simulator/script`, JSON. It is forgotten at a restart. */
export const ScriptCodec = t.exact(
  t.partial({
    /** Things that go wrong with the next calls of the API, each used up in turn; an empty list takes back what is left. */
    calls: t.array(t.exact(Call)),
    webhooks: t.exact(
      t.partial({
        /** Keeps webhooks back, or lets them go. */
        hold: t.boolean,
        /** In which order those kept back are sent. */
        order: t.keyof({ oldest_first: null, newest_first: null }),
        /** How often each is sent; 1 is usual. */
        copies: t.number,
      }),
    ),
    /** What the next payer pays, in Stripe's units, instead of what the session asks for; in its currency, unless said; once. */
    payments: PayableCodec,
    /** What refunds begin as, from now on. */
    refunds: t.exact(t.type({ status: t.keyof({ pending: null, succeeded: null }) })),
  }),
);
export type Script = t.TypeOf<typeof ScriptCodec>;

type ScriptedCall = t.TypeOf<typeof Call>;
export type Mishap =
  | { readonly outcome: 'error'; readonly status: number; readonly kept: boolean }
  | { readonly outcome: 'drop' }
  | { readonly outcome: 'lose_answer' }
  | { readonly outcome: 'answer_late'; readonly ms: number };

/** What the script says of the API's calls and of refunds; webhooks have theirs told to the dispatcher. */
export class CallScript {
  refundStatus: 'pending' | 'succeeded' = 'succeeded';
  #payable: Payable | undefined;
  #calls: { readonly call: ScriptedCall; left: number }[] = [];

  apply(script: Script): void {
    if (script.calls?.length === 0) this.#calls = [];
    for (const call of script.calls ?? []) this.#calls.push({ call, left: call.times ?? 1 });
    if (script.payments) this.#payable = script.payments;
    if (script.refunds) this.refundStatus = script.refunds.status;
  }

  /** Uses up what the next payer is to pay; undefined: what the session asks for. */
  takePayable(): Payable | undefined {
    const payable = this.#payable;
    this.#payable = undefined;
    return payable;
  }

  /** Uses up the first instruction that fits the call, waits as it says, and answers what is to go wrong. */
  async next(method: string, path: string): Promise<Mishap | undefined> {
    const found = this.#calls.find(
      ({ call, left }) => left > 0 && (call.method ?? method) === method && path.startsWith(call.path ?? ''),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#calls = this.#calls.filter((entry) => entry !== found);
    const { delayMs, answerAfterMs, outcome, status, kept } = found.call;
    if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
    if (outcome === undefined)
      return answerAfterMs === undefined ? undefined : { outcome: 'answer_late', ms: answerAfterMs };
    return outcome === 'error' ? { outcome, status: status ?? 500, kept: kept ?? false } : { outcome };
  }
}
