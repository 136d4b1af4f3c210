import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import type { Served } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';
import { askRefund, paidOrder } from './refunds.js';

/** In major units: so much goes back by itself, and so much one person alone lets go. */
const LIMITS = { automaticRefundUpTo: 4, secondPersonAbove: 8 };
const MESSAGE_PATIENCE_MINUTES = 15;

describe('money that somebody has to let go', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  let second: Served;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 5);
    const body = { ...DEFAULT_SETTINGS, ...LIMITS, reason: 'small change' };
    expect((await race.request('PUT', '/v1/settings', { body })).status).to.equal(200);
    const id = 'admin/second';
    second = await race.as({ id, account: 'main', tenant: 'main', actor: { kind: 'admin', id, via: 'http' } });
  });
  afterEach(() => race.leave());

  const paid = (key: string) => paidOrder(race, key);
  const refund = (id: string, key: string, amount: number) => askRefund(race, id, key, amount);
  interface Shown {
    readonly id: string;
    readonly state: string;
    readonly approval: string;
    readonly approvedBy?: string;
  }
  const refundsOf = async (id: string): Promise<readonly Shown[]> => {
    const { body } = await race.request('GET', `/v1/orders/${id}/payments`);
    return (body['items'] as readonly { readonly refunds: readonly Shown[] }[]).flatMap(({ refunds }) => refunds);
  };
  const paymentOf = (id: string): string => paymentIdOf(id as OrderId, 1);
  let key = 0;
  const decide = (who: Pick<Served, 'request'>, id: string, refundId: string, how: 'approval' | 'rejection') =>
    // named with its payment, or by itself
    who.request('POST', `/v1/${who === second ? '' : `payments/${paymentOf(id)}/`}refunds/${refundId}/${how}`, {
      ...(how === 'rejection' ? { body: { reason: 'it was hot' } } : {}),
      headers: { 'idempotency-key': `decision-${(key += 1)}` },
    });
  const tasks = async (kind: string): Promise<number> =>
    ((await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly unknown[]).length;
  const gone = async (): Promise<number> => (await race.ledger()).currencies['eur']?.refunded ?? 0;
  /** Asks for a refund that nobody lets go by itself. */
  async function waiting(id: string, amount: number): Promise<string> {
    expect((await refund(id, `refund-${amount}`, amount)).status).to.equal(202);
    await race.rest();
    const [wish] = (await refundsOf(id)).filter(({ state }) => state === 'requested');
    expect(wish?.approval).to.equal('required');
    return wish?.id ?? '';
  }

  it('up to a limit that the settings say it goes by itself, and above it when somebody approves', async () => {
    const small = await paid('small');
    expect((await refund(small, 'small', 400)).status).to.equal(202);
    await race.refunded(400);
    const id = await paid('large');
    const wish = await waiting(id, 401);
    expect(await tasks('refund_approval')).to.equal(1);
    expect(await gone()).to.equal(400);
    const approved = await decide(race, id, wish, 'approval');
    expect(approved.status, approved.text).to.equal(200);
    await race.refunded(801);
    await race.rest();
    expect(await refundsOf(id)).to.have.nested.property('[0].approvedBy', 'admin/local');
    expect(await tasks('refund_approval')).to.equal(0);
  });

  it('above another limit it takes somebody else than who asked for it', async () => {
    const id = await paid('dear');
    const wish = await waiting(id, 801);
    const alone = await decide(race, id, wish, 'approval');
    expect([alone.status, alone.body['type']]).to.deep.equal([403, '/problems/four-eyes']);
    expect(alone.body['detail']).to.include(wish);
    await race.rest();
    expect([await gone(), await tasks('refund_approval')]).to.deep.equal([0, 1]);
    expect((await decide(second, id, wish, 'approval')).status).to.equal(200);
    await race.refunded(801);
    await race.rest();
    expect((await refundsOf(id))[0]).to.deep.include({ state: 'succeeded', approvedBy: 'admin/second' });
    expect(await tasks('refund_approval')).to.equal(0);
  });

  it('settings hold from the moment in which they are changed', async () => {
    const id = await paid('by-then');
    const wish = await waiting(id, 801);
    expect((await decide(race, id, wish, 'approval')).status).to.equal(403);
    const body = { ...DEFAULT_SETTINGS, reason: 'as ever' };
    expect((await race.request('PUT', '/v1/settings', { body })).status).to.equal(428);
    const changed = await race.request('PUT', '/v1/settings', { body, headers: { 'if-match': '"r0"' } });
    expect(changed.status, changed.text).to.equal(200);
    expect((await decide(race, id, wish, 'approval')).status).to.equal(200);
    await race.refunded(801);
  });

  it('two approve and one rejects in the same moment: one of them is heard, and the money goes once or not at all', async () => {
    const id = await paid('at-once');
    const wish = await waiting(id, 500);
    const [one, other, no] = await Promise.all([
      decide(race, id, wish, 'approval'),
      decide(second, id, wish, 'approval'),
      decide(second, id, wish, 'rejection'),
    ]);
    await race.rest();
    const rejected = no.status === 200;
    for (const { status } of [one, other]) expect(status).to.equal(rejected ? 409 : 200);
    if (!rejected) expect([no.status, no.body['type']]).to.deep.equal([409, '/problems/illegal-transition']);
    expect(await gone()).to.equal(rejected ? 0 : 500);
    expect(await tasks('refund_approval')).to.equal(0);
    // what was rejected can be given back another time, what went cannot
    const again = await refund(id, 'again', 1_000);
    expect(again.status).to.equal(rejected ? 202 : 409);
    if (!rejected) {
      expect(again.body['type']).to.equal('/problems/refund-exceeds-captured');
      expect(again.body['refundable']).to.deep.equal({ amount: 500, currency: 'EUR' });
    }
  });

  it('what waits for approval is not there a second time', async () => {
    const id = await paid('twice');
    await waiting(id, 700);
    const second = await refund(id, 'second', 301);
    expect([second.status, second.body['refundable']]).to.deep.equal([409, { amount: 300, currency: 'EUR' }]);
  });

  it('the provider refuses to make it: somebody is told, and the money can be given back again', async () => {
    const id = await paid('refused');
    race.script({ calls: [{ method: 'POST', path: '/v1/refunds', outcome: 'error', status: 400 }] });
    expect((await refund(id, 'refused', 300)).status).to.equal(202);
    await until('it has failed', async () => (await refundsOf(id)).some(({ state }) => state === 'failed'));
    await race.rest();
    expect([await gone(), await tasks('refund_failed')]).to.deep.equal([0, 1]);
    expect((await refund(id, 'again', 300)).status).to.equal(202);
    await race.refunded(300);
  });

  it('it was approved and its message got lost: the reconciliation has it made, once, even when the message is found again', async () => {
    const find = race.lose('payment.refund-approved');
    const id = await paid('lost');
    expect((await refund(id, 'lost', 400)).status).to.equal(202);
    await race.rest();
    await race.reconcile();
    expect([await gone(), (await refundsOf(id))[0]?.state], 'it may still be on its way').to.deep.equal([
      0,
      'approved',
    ]);
    race.forward(MESSAGE_PATIENCE_MINUTES + 1);
    const { mended } = await race.reconcile();
    await race.rest();
    expect([mended, await gone(), (await refundsOf(id))[0]?.state]).to.deep.equal([1, 400, 'succeeded']);
    expect(race.types(`order-${id}`).at(-1)).to.equal('RefundApplied');
    find();
    await race.rest();
    expect((await race.reconcile()).mended).to.equal(0);
    expect(await gone()).to.equal(400);
    expect(race.types(`payment-${paymentOf(id)}`).filter((type) => type === 'RefundSucceeded')).to.have.length(1);
  });

  it('its message got lost and the provider does not answer: it becomes a task, and is made as soon as the provider does', async () => {
    race.lose('payment.refund-approved');
    const id = await paid('silent');
    expect((await refund(id, 'silent', 400)).status).to.equal(202);
    await race.rest();
    race.forward(MESSAGE_PATIENCE_MINUTES + 1);
    // the client itself tries a broken connection once more
    race.script({ calls: [{ method: 'POST', path: '/v1/refunds', outcome: 'drop', times: 2 }] });
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 1 });
    expect([await gone(), await tasks('reconciliation')]).to.deep.equal([0, 1]);
    expect((await race.reconcile()).mended).to.equal(1);
    await race.rest();
    expect([await gone(), await tasks('reconciliation')]).to.deep.equal([400, 0]);
  });
});
