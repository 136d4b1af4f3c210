import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

/** When the cook of each order begins: before anybody asked to cancel, so long after it, or when that has come to the kitchen. */
const WAITS_MS = ['first', 0, 5, 15, 40, 'too late'] as const;
const ORDERS = WAITS_MS.length;

describe('calling off races with the kitchen', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', ORDERS);
    await race.article('cake', ORDERS);
  });
  afterEach(() => race.leave());

  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);

  async function late(id: string, index: number): Promise<void> {
    const wait = WAITS_MS[index];
    if (wait === 'too late') await race.reaches(id, 'cancelled');
    else if (wait !== 'first') await sleep(wait ?? 0);
  }

  it('either the cook was first and the order goes on, or the order is over, nothing is cooked and all money goes back', async () => {
    const ids = await Promise.all(Array.from({ length: ORDERS }, (_, index) => race.place(`order-${index}`)));
    for (const id of ids) expect(await race.pay(await race.link(id))).to.equal('paid');
    await Promise.all(
      ids.map((id) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0)),
    );
    await race.rest();
    await Promise.all(
      ids.map(async (id, index) => {
        const shown = await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`);
        const [item] = shown.body['items'] as readonly { readonly itemId: string }[];
        const begin = () =>
          race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/items/${item?.itemId ?? ''}/start`);
        const cancel = () =>
          race.request('POST', `/v1/orders/${id}/cancellations`, {
            body: { reason: 'no' },
            headers: { 'idempotency-key': 'off' },
          });
        // the wish goes through the order to the kitchen: some cooks are faster, some are not
        const isFirst = WAITS_MS[index] === 'first';
        const early = isFirst ? await begin() : undefined;
        const [started, wish] = await Promise.all([early ?? late(id, index).then(begin), cancel()]);
        expect(started.status, started.text).to.be.oneOf(isFirst ? [200] : [200, 409]);
        expect(wish.status, wish.text).to.equal(202);
      }),
    );
    await race.rest();
    let [cancelled, declined] = [0, 0];
    for (const id of ids) {
      const { status } = await race.order(id);
      const ticket = race.types(`ticket-${ticketOf(id)}`);
      if (status === 'cancelled') cancelled += 1;
      else {
        declined += 1;
        expect(status).to.equal('in_fulfilment');
        expect((await race.order(id)).cancellation).to.deep.include({
          state: 'declined',
          cause: 'the kitchen has begun',
        });
      }
      expect(ticket.includes('ItemStarted'), `${status}: ${ticket.join(' ')}`).to.equal(status !== 'cancelled');
      expect(ticket.includes('TicketCancelled')).to.equal(status === 'cancelled');
    }
    expect(cancelled, 'the last cook comes too late').to.be.at.least(1);
    expect(declined, 'the first cook was there before').to.be.at.least(1);
    // what is not made is free again, and what is being made is used up
    expect(await race.shelf('soup')).to.deep.equal({ onHand: ORDERS - declined, reserved: 0 });
    expect((await race.ledger()).currencies['eur']?.refunded ?? 0).to.equal(1_000 * cancelled);
  });

  it('one of two things is called off while its cook may begin: it is not begun any more, or the cook has to say that they saw it', async () => {
    const ids = await Promise.all(WAITS_MS.map((_, index) => race.place(`two-things-${index}`, ['soup', 'cake'])));
    for (const id of ids) expect(await race.pay(await race.link(id))).to.equal('paid');
    await Promise.all(
      ids.map((id) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0)),
    );
    await race.rest();
    const touched = await Promise.all(
      ids.map(async (id, index) => {
        const [line] = (await race.order(id)).lines.filter(({ sku }) => sku === 'soup');
        const item = (await itemsOf(id)).find(({ sku }) => sku === 'soup');
        const wait = WAITS_MS[index] ?? 0;
        const isVoided = () => race.types(`ticket-${ticketOf(id)}`).includes('ItemVoided');
        const begin = () => race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/items/${item?.itemId}/start`);
        const early = wait === 'first' ? await begin() : undefined;
        const waits = async () => {
          if (wait === 'too late') await until('it is called off', isVoided);
          else if (wait !== 'first') await sleep(wait);
          return early ?? begin();
        };
        const callOff = race.request('POST', `/v1/orders/${id}/cancellations`, {
          body: { reason: 'no', lines: [{ lineId: line?.lineId, qty: 1 }] },
          headers: { 'idempotency-key': 'off' },
        });
        const [started, called] = await Promise.all([waits(), callOff]);
        expect(called.status, called.text).to.equal(200);
        return started;
      }),
    );
    await race.rest();
    let begun = 0;
    for (const [index, id] of ids.entries()) {
      const item = (await itemsOf(id)).find(({ sku }) => sku === 'soup');
      expect(item).to.deep.include({ state: 'voided', voided: 1 });
      const started = touched[index];
      if (started?.status === 200) {
        begun += 1;
        expect(item?.unacknowledged).to.equal(1);
        const seen = await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/items/${item?.itemId}/void-ack`);
        expect(seen.status, seen.text).to.equal(200);
      } else {
        expect([started?.status, started?.body['type']]).to.deep.equal([409, '/problems/item-voided']);
        expect(item?.unacknowledged).to.equal(0);
      }
      expect((await race.order(id)).status).to.equal('in_fulfilment');
    }
    await race.rest();
    expect(begun, 'the last cook comes too late').to.be.below(ORDERS);
    expect(begun, 'the first cook was there before').to.be.at.least(1);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: ORDERS - begun, reserved: 0 });
    expect((await race.ledger()).currencies['eur']).to.deep.include({ refunded: 1_000 * ORDERS });
  });

  it('what was begun is called off and nobody says that they saw it: it is a task, once, until somebody does', async () => {
    const ids = await Promise.all(WAITS_MS.map((_, index) => race.place(`unseen-${index}`, ['soup', 'cake'])));
    for (const id of ids) expect(await race.pay(await race.link(id))).to.equal('paid');
    await Promise.all(
      ids.map((id) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0)),
    );
    await race.rest();
    const soups = await Promise.all(
      ids.map(async (id) => {
        const soup = (await itemsOf(id)).find(({ sku }) => sku === 'soup')?.itemId ?? '';
        await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/items/${soup}/start`);
        const line = (await race.order(id)).lines.find(({ sku }) => sku === 'soup');
        const body = { reason: 'no', lines: [{ lineId: line?.lineId, qty: 1 }] };
        expect(
          (
            await race.request('POST', `/v1/orders/${id}/cancellations`, {
              body,
              headers: { 'idempotency-key': 'off' },
            })
          ).status,
        ).to.equal(200);
        return soup;
      }),
    );
    await race.rest();
    const unseen = async (state: string): Promise<readonly string[]> => {
      const { body } = await race.request('GET', `/v1/tasks?kind=void_unseen&state=${state}`);
      return (body['items'] as readonly { readonly about: { readonly orderId: string } }[]).map(
        ({ about }) => about.orderId,
      );
    };
    const see = async (index: number) => {
      const path = `/v1/kitchen/tickets/${ticketOf(ids[index] ?? '')}/items/${soups[index]}/void-ack`;
      expect((await race.request('POST', path)).status).to.equal(200);
    };
    expect(await unseen('open')).to.deep.equal([]);
    // one is seen in time, the others in the moment in which it is over, or after it
    await see(0);
    race.forward(5);
    await Promise.all(
      WAITS_MS.map(async (wait, index) => {
        if (typeof wait !== 'number') return;
        await sleep(wait);
        await see(index);
      }),
    );
    await race.rest();
    const last = ids.at(-1) ?? '';
    expect(await unseen('open')).to.deep.equal([last]);
    expect((await itemsOf(last)).find(({ sku }) => sku === 'soup')).to.include({ escalated: true, unacknowledged: 1 });
    await see(ids.length - 1);
    await race.rest();
    expect(await unseen('open')).to.deep.equal([]);
    const done = await unseen('done');
    expect(new Set(done).size, 'each of them once').to.equal(done.length);
    expect(done).to.include(last).and.not.to.include(ids[0]);
  });

  interface Item {
    readonly itemId: string;
    readonly sku: string;
    readonly state: string;
    readonly voided: number;
    readonly unacknowledged: number;
  }
  const itemsOf = async (id: string): Promise<readonly Item[]> =>
    (await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body['items'] as readonly Item[];
});
