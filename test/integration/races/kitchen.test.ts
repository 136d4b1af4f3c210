import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

/** When the cook of each order begins, after the customer asked to cancel. */
const WAITS_MS = [0, 5, 15, 40, 'too late'] as const;
const ORDERS = WAITS_MS.length;

describe('cancelling races with the kitchen', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', ORDERS);
  });
  afterEach(() => race.leave());

  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);

  async function late(id: string, index: number): Promise<void> {
    const wait = WAITS_MS[index];
    if (wait === 'too late') await race.reaches(id, 'cancelled');
    else await sleep(wait);
  }

  it('either the cook was first and the order goes on, or the order is over, nothing is cooked and all money goes back', async () => {
    const ids = await Promise.all(Array.from({ length: ORDERS }, (_, index) => race.place(`order-${index}`)));
    for (const id of ids) expect(await race.pay(await race.link(id))).to.equal('paid');
    await Promise.all(
      ids.map((id) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0, 30_000)),
    );
    await race.rest();
    await Promise.all(
      ids.map(async (id, index) => {
        const shown = await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`);
        const [item] = shown.body['items'] as readonly { readonly itemId: string }[];
        const begin = () =>
          race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/items/${item?.itemId ?? ''}/start`);
        const cancel = () => race.request('POST', `/v1/orders/${id}/cancellations`, { body: { reason: 'no' } });
        // the wish goes through the order to the kitchen: some cooks are faster, some are not
        const [started] = await Promise.all([late(id, index).then(begin), cancel()]);
        expect(started.status).to.be.oneOf([200, 409]);
      }),
    );
    await race.rest();
    let cancelled = 0;
    for (const id of ids) {
      const { status } = await race.order(id);
      const ticket = race.types(`ticket-${ticketOf(id)}`);
      if (status === 'cancelled') cancelled += 1;
      else expect(status).to.equal('in_fulfilment');
      expect(ticket.includes('ItemStarted'), `${status}: ${ticket.join(' ')}`).to.equal(status !== 'cancelled');
      expect(ticket.includes('TicketCancelled')).to.equal(status === 'cancelled');
    }
    expect(cancelled, 'the last cook comes too late').to.be.at.least(1);
    expect((await race.ledger()).currencies['eur']?.refunded ?? 0).to.equal(1_000 * cancelled);
  });
});
