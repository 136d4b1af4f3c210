import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type Stripe from 'stripe';
import {
  SimulatorFolderUnusable,
  SimulatorPortTaken,
  startStripeSimulator,
} from '../../../src/embedded/stripe-simulator/index.js';
import { Rig, act, checkout, clientOf, eventually, paidSession, silent, idOf } from './rig.js';

/** Runs the simulator of `rig`'s folder in a process of its own. */
async function startProcess(rig: Rig): Promise<{ child: ChildProcess; url: string }> {
  const program = join(import.meta.dirname, 'simulatorProcess.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, rig.folder, rig.webhookUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the process has no output');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('Stripe simulator, what it keeps', function () {
  this.timeout(300_000);
  let rig: Rig;
  beforeEach(async () => {
    rig = new Rig();
    await rig.start();
  });
  afterEach(() => rig.stop());

  const settled = () => eventually(async () => ((await rig.ledger()).pendingWebhooks === 0 ? true : undefined));

  it('goes on after a restart with sessions, ledger and idempotency keys as they were', async () => {
    const { intentId } = await paidSession(rig);
    const ask = () => rig.stripe.refunds.create({ payment_intent: intentId, amount: 100 }, { idempotencyKey: 'rfd:1' });
    const refund = await ask();
    const open = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'pay:1' });
    await settled();
    const before = await rig.ledger();
    await rig.restartSimulator();
    expect(await rig.ledger()).to.deep.equal(before);
    expect((await ask()).id).to.equal(refund.id);
    expect((await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'pay:1' })).id).to.equal(open.id);
    const { url } = await rig.stripe.checkout.sessions.retrieve(open.id);
    expect((await act(url, 'succeed')).result).to.equal('paid');
  });

  it('has lost nothing of a session that was paid the moment before kill -9', async () => {
    await rig.simulator.stop();
    rig.receiver.always = 500;
    const { child, url } = await startProcess(rig);
    const session = await clientOf(url).checkout.sessions.create(checkout());
    expect((await act(session.url, 'succeed')).result).to.equal('paid');
    await kill(child);
    rig.receiver.received.length = 0;
    rig.receiver.always = undefined;

    await rig.startSimulator();
    const paid = await rig.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(paid).to.include({ status: 'complete', payment_status: 'paid' });
    expect((paid.payment_intent as Stripe.PaymentIntent).status).to.equal('succeeded');
    expect((await rig.ledger()).currencies).to.deep.equal({ gbp: { charged: 1250, refunded: 0, balance: 1250 } });
    await settled();
    const told = rig.receiver.of('checkout.session.completed')[0]?.event.data.object as Stripe.Checkout.Session;
    expect(told.id).to.equal(session.id);
    expect(await act(`${rig.url}/c/pay/${session.id}`, 'succeed')).to.deep.equal({
      status: 409,
      result: 'already_paid',
    });
  });

  it('keeps every acknowledged payment and refund, and charges nothing twice, when killed again and again under load', async () => {
    await rig.simulator.stop();
    const acknowledged = new Map<string, string>();
    const refunded = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const { child, url } = await startProcess(rig);
      const stripe = clientOf(url);
      const enough = 5 + round * 7;
      let done = 0;
      const workOn = async (worker: number): Promise<void> => {
        for (let n = 0; ; n++) {
          const key = `pay:${round}:${worker}:${n}`;
          const session = await stripe.checkout.sessions.create(checkout(), { idempotencyKey: key });
          if ((await act(session.url, 'succeed')).result !== 'paid') throw new Error(`${key} was not paid`);
          acknowledged.set(session.id, key);
          const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
          await stripe.refunds.create({ payment_intent: idOf(intent), amount: 50 }, { idempotencyKey: `rfd:${key}` });
          refunded.add(session.id);
          done += 1;
          if (done === enough) await kill(child);
        }
      };
      // every worker ends with the connection that breaks under it
      await Promise.allSettled(Array.from({ length: 6 }, (_, worker) => workOn(worker)));
      await kill(child);
      expect(done).to.be.at.least(enough);
    }

    await rig.startSimulator();
    await settled();
    const ledger = await rig.ledger();
    const intentOf = new Map<string, string>();
    for await (const session of rig.stripe.checkout.sessions.list({ limit: 100 })) {
      if (session.payment_status === 'paid') intentOf.set(session.id, idOf(session.payment_intent));
    }
    const told = new Set(
      rig.receiver
        .of('checkout.session.completed')
        .map(({ event }) => (event.data.object as Stripe.Checkout.Session).id),
    );
    for (const [sessionId, key] of acknowledged) {
      const intent = intentOf.get(sessionId);
      expect(intent, `${key} is not paid any more`).not.to.equal(undefined);
      const again = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: key });
      expect(again.id).to.equal(sessionId);
    }
    // money and what it was told of are one: no charge without a paid session, no paid session untold
    expect(new Set(ledger.charges.map(({ paymentIntent }) => paymentIntent))).to.deep.equal(new Set(intentOf.values()));
    expect(ledger.charges).to.have.length(intentOf.size);
    expect(told).to.deep.equal(new Set(intentOf.keys()));
    expect(ledger.refunds.length).to.be.within(refunded.size, intentOf.size);
    expect(ledger.currencies['gbp']).to.deep.equal({
      charged: 1250 * intentOf.size,
      refunded: 50 * ledger.refunds.length,
      balance: 1250 * intentOf.size - 50 * ledger.refunds.length,
    });
  });

  it('says which port is taken', async () => {
    const taken = rig.simulator.port;
    const options = { port: taken, dataFolder: rig.folder, webhookSecret: 'x', secretKey: 'y', log: silent };
    const error: unknown = await startStripeSimulator(options).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(SimulatorPortTaken);
    expect(error).to.include({ port: taken, host: '127.0.0.1' });
    expect((error as Error).message).to.contain(String(taken));
  });

  it('names an address that can be reached when it listens everywhere', async () => {
    await rig.restartSimulator({ host: '0.0.0.0' });
    expect(rig.url).to.equal(`http://127.0.0.1:${rig.simulator.port}`);
    expect((await rig.stripe.checkout.sessions.list()).data).to.deep.equal([]);
  });

  it('says which folder it cannot use', async () => {
    const file = join(rig.folder, 'a-file');
    await writeFile(file, '');
    const options = { port: 0, dataFolder: join(file, 'below'), webhookSecret: 'x', secretKey: 'y', log: silent };
    const error: unknown = await startStripeSimulator(options).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(SimulatorFolderUnusable);
    expect((error as Error).message).to.contain(file);
  });

  it('stops once, however often it is told to', async () => {
    await Promise.all([rig.simulator.stop(), rig.simulator.stop()]);
    await rig.startSimulator();
    expect((await rig.stripe.checkout.sessions.list()).data).to.deep.equal([]);
  });
});
