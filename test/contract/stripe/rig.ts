import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import {
  type Script,
  type SimulatorOptions,
  type StripeSimulator,
  startStripeSimulator,
} from '../../../src/embedded/stripe-simulator/index.js';

export const SECRET_KEY = 'sk_test_of_the_tests';
export const WEBHOOK_SECRET = 'whsec_of_the_tests';
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Asks again until the answer is defined; what it waits for either comes or the test's own time is up. */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(10);
  }
}

/** The real client, pointed at a simulator. Retries only where a test wants them. */
export function clientOf(url: string, maxNetworkRetries = 0, key = SECRET_KEY): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries, telemetry: false });
}

export interface Received {
  readonly event: Stripe.Event;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** An endpoint that checks every webhook with the real library and answers what it is told to. */
class WebhookReceiver {
  readonly received: Received[] = [];
  readonly refusedSignatures: string[] = [];
  /** The status of the next answers, 200 once they are used up. */
  answers: number[] = [];
  /** Answers everything with this status as long as it is set. */
  always: number | undefined;
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const signature = String(request.headers['stripe-signature']);
        try {
          const event = Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET);
          this.received.push({ event, body: body.toString(), headers: request.headers });
        } catch {
          this.refusedSignatures.push(signature);
        }
        response.writeHead(this.always ?? this.answers.shift() ?? 200).end();
      });
    });
    const server = this.#server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  }

  types(): string[] {
    return this.received.map(({ event }) => event.type);
  }

  of(type: string): Received[] {
    return this.received.filter(({ event }) => event.type === type);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A simulator in a folder of its own, with a clock that the test can move and an endpoint for its webhooks. */
export class Rig {
  readonly receiver = new WebhookReceiver();
  folder = '';
  webhookUrl = '';
  #simulator: StripeSimulator | undefined;
  #offsetMs = 0;

  async start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'comanda-stripe-'));
    this.webhookUrl = await this.receiver.start();
    await this.startSimulator(options);
  }

  async startSimulator(options: Partial<SimulatorOptions> = {}): Promise<void> {
    this.#simulator = await startStripeSimulator({
      port: 0,
      dataFolder: this.folder,
      webhookUrl: this.webhookUrl,
      webhookSecret: WEBHOOK_SECRET,
      secretKey: SECRET_KEY,
      now: () => this.now(),
      firstWebhookRetryMs: 20,
      log: silent,
      ...options,
    });
  }

  async restartSimulator(options: Partial<SimulatorOptions> = {}): Promise<void> {
    await this.simulator.stop();
    await this.startSimulator(options);
  }

  async stop(): Promise<void> {
    await this.#simulator?.stop();
    await this.receiver.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get simulator(): StripeSimulator {
    if (!this.#simulator) throw new Error('the simulator has not been started');
    return this.#simulator;
  }

  get url(): string {
    return this.simulator.url;
  }

  get stripe(): Stripe {
    return clientOf(this.url);
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  moveClock(minutes: number): void {
    this.#offsetMs += minutes * 60_000;
  }

  inMinutes(minutes: number): number {
    return Math.floor(this.now() / 1_000) + minutes * 60;
  }

  script(script: Script): void {
    this.simulator.script(script);
  }

  async ledger(): Promise<Ledger> {
    return (await (await fetch(`${this.url}/simulator/ledger`)).json()) as Ledger;
  }
}

export interface Ledger {
  readonly currencies: Record<string, { charged: number; refunded: number; balance: number }>;
  readonly sessions: { open: number; complete: number; expired: number };
  readonly charges: { id: string; status: string; amount: number; created: number; paymentIntent: string }[];
  readonly refunds: { id: string; status: string; amount: number }[];
  readonly pendingWebhooks: number;
}

/** Two lines, 12.50 GBP together. */
export const checkout = (
  change: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  line_items: [
    { quantity: 2, price_data: { currency: 'gbp', unit_amount: 500, product_data: { name: 'Pot of tea' } } },
    { quantity: 1, price_data: { currency: 'gbp', unit_amount: 250, product_data: { name: 'Scone' } } },
  ],
  success_url: 'http://127.0.0.1:8080/done?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://127.0.0.1:8080/left',
  client_reference_id: 'ord_1',
  metadata: { orderId: 'ord_1', paymentId: 'pay_1' },
  payment_intent_data: { metadata: { orderId: 'ord_1', paymentId: 'pay_1' } },
  ...change,
});

/** Does on the payment page what a script does, and answers what came of it. */
export async function act(
  url: string | null,
  outcome: string,
): Promise<{ status: number; result: string | undefined }> {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ outcome }),
  });
  const body = (await response.json()) as { result?: string };
  return { status: response.status, result: body.result };
}

/** A session that has been paid, with its intent and charge. */
export async function paidSession(
  rig: Rig,
  change: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ sessionId: string; intentId: string; chargeId: string }> {
  const session = await rig.stripe.checkout.sessions.create(checkout(change));
  await act(session.url, 'succeed');
  const paid = await rig.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  const intent = paid.payment_intent as Stripe.PaymentIntent;
  return { sessionId: session.id, intentId: intent.id, chargeId: idOf(intent.latest_charge) };
}

/** The id of what the client shows as an id or, expanded, as an object. */
export function idOf(reference: string | { readonly id: string } | null): string {
  if (reference === null) throw new Error('there is nothing to have an id');
  return typeof reference === 'string' ? reference : reference.id;
}

/** The error that a call of the real client ends with. */
export async function errorOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call was expected to fail and did not');
}
