import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent, type OrderMode } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings/index.js';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { completion, completionDue } from '../../../src/processes/completion.js';
import type { Related } from '../../../src/processes/engine/related.js';
import { itemsDone, kitchenSimulator } from '../../../src/processes/kitchenSimulator.js';
import { paymentPoll, paymentPollDue } from '../../../src/processes/paymentPoll.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import type { DueTimer, TimerTask } from '../../../src/processes/timers/timer.js';
import {
  anOrder,
  aPayment,
  aTicket,
  at,
  dueAt,
  idOf,
  later,
  openedTicket,
  placedOrder,
  sku,
} from '../../support/fixtures.js';
import { closed, opened, session } from './support/payments.js';
import { commandsOf, names, observation, paid, playEvent, playTimer, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const timerOf = (process: string, task: TimerTask): DueTimer => ({
  id: `${process}/1`,
  process,
  correlation: anOrder,
  dueAt,
  task,
  origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
});

describe('completion', () => {
  const fulfilled: OrderEvent = { type: 'OrderFulfilled', data: { at } };
  const process = completion();
  const dueFor = async (mode: OrderMode, settings: Settings = DEFAULT_SETTINGS) => {
    const event = recorded(`order-${anOrder}`, fulfilled);
    const state = fold(order, order.initial, [{ type: 'OrderPlaced', data: placedOrder({ mode }) }]);
    const folds = { at: () => Promise.resolve(state) } as unknown as Folds;
    const related = { settings: () => settings } as unknown as Related;
    const [[step] = []] = playEvent(process, event, await process.load(event, folds, related));
    return step?.kind === 'schedule' ? step.timer.dueAt : undefined;
  };

  it('comes a day after pickup and a week after delivery', async () => {
    expect(await dueFor('pickup')).to.equal('2024-05-05T12:00:00.000Z');
    expect(await dueFor('delivery')).to.equal('2024-05-11T12:00:00.000Z');
    expect(await dueFor('shipping')).to.equal('2024-05-11T12:00:00.000Z');
  });

  it('comes as the settings say that hold when the order is fulfilled', async () => {
    const settings = { ...DEFAULT_SETTINGS, completeAfterPickupHours: 2, completeAfterDeliveryHours: 48 };
    expect(await dueFor('dine_in', settings)).to.equal('2024-05-04T14:00:00.000Z');
    expect(await dueFor('delivery', settings)).to.equal('2024-05-06T12:00:00.000Z');
  });

  it('is called off when somebody completed the order before', () => {
    const completed: OrderEvent = { type: 'OrderCompleted', data: { by: 'staff' } };
    expect(names(playEvent(process, recorded(`order-${anOrder}`, completed), undefined))).to.deep.equal([
      [`cancel completion/${anOrder}`],
    ]);
  });

  it('completes the order in the name of the timer', () => {
    const rounds = playTimer(
      completionDue,
      timerOf('completion', { type: 'complete-order', orderId: anOrder }),
      null,
      at,
    );
    expect(commandsOf(rounds, 'CompleteOrder')).to.deep.equal([{ type: 'CompleteOrder', by: 'timer' }]);
  });
});

describe('payment poll', () => {
  const about = (history: readonly PaymentEvent[]) => {
    const last = history.at(-1) ?? opened;
    const state = fold(payment, payment.initial, history);
    return playEvent(paymentPoll, recorded(`payment-${aPayment}`, last, history.length - 1), state);
  };
  const timer = timerOf('payment-poll', {
    type: 'poll-session',
    orderId: anOrder,
    paymentId: aPayment,
    sessionId: 'cs_1',
  });
  const polled = (world: World) => names(playTimer(paymentPollDue, timer, null, at, world));

  it('is due two minutes after the session was attached', () => {
    const [[step] = []] = about([opened, session]);
    expect(step?.kind === 'schedule' && step.timer.dueAt).to.equal('2024-05-04T12:02:00.000Z');
  });

  it('is called off when the payment ends before', () => {
    expect(names(about([opened, session, closed]))).to.deep.equal([[`cancel payment-poll/${aPayment}`]]);
  });

  it('records a payment whose webhook got lost', () => {
    expect(polled((step) => (step.kind === 'session' ? { observation: paid } : undefined))).to.deep.equal([
      ['observe cs_1'],
      ['RecordProviderState'],
    ]);
  });

  it('leaves a session alone that still waits for its payer, or that the provider has forgotten', () => {
    for (const seen of [observation(), undefined]) {
      expect(
        polled((step) => (step.kind === 'session' ? { result: 'seen', observation: seen } : undefined)),
      ).to.deep.equal([['observe cs_1']]);
    }
  });

  it('comes again while the provider is silent', () => {
    expect(polled((step) => (step.kind === 'session' ? { result: 'silent', error: 1 } : undefined))).to.deep.equal([
      ['observe cs_1'],
      ['later'],
    ]);
  });
});

describe('kitchen simulator', () => {
  const items = [10, 60, 10].map((prepSeconds, index) => ({
    itemId: idOf('ticketItem', index),
    lineId: idOf('line', index),
    sku: sku('thing'),
    name: 'Thing',
    qty: 1,
    options: [],
    station: 'main',
    prepSeconds,
  }));
  const opened: TicketEvent = { type: 'TicketOpened', data: openedTicket({ items }) };
  const state = fold(ticket, ticket.initial, [opened]) as ExistingTicket;

  it('starts every item, and only then sets a timer for each preparation time', () => {
    const rounds = playEvent(kitchenSimulator, recorded(`ticket-${aTicket}`, opened), state);
    expect(names(rounds)).to.deep.equal([
      ['StartItem', 'StartItem', 'StartItem'],
      [`schedule kitchen-simulator/${aTicket}/10`, `schedule kitchen-simulator/${aTicket}/60`],
    ]);
    const due = rounds[1]?.map((step) => (step.kind === 'schedule' ? step.timer.dueAt : ''));
    expect(due).to.deep.equal(['2024-05-04T12:00:10.000Z', '2024-05-04T12:01:00.000Z']);
  });

  it('makes what comes on top as well, and leaves the rest as it is', () => {
    const more = { ...openedTicket().items[0]!, itemId: idOf('ticketItem', 9), prepSeconds: 30 };
    const added: TicketEvent = {
      type: 'ItemsAdded',
      data: { batch: 'amd_1', items: [more], addedAt: later },
    };
    const ready = fold(ticket, ticket.initial, [opened, added]) as ExistingTicket;
    const rounds = playEvent(kitchenSimulator, recorded(`ticket-${aTicket}`, added), ready);
    expect(names(rounds)).to.deep.equal([['StartItem'], [`schedule kitchen-simulator/${aTicket}/amd_1/30`]]);
    expect(commandsOf(rounds, 'StartItem')[0]?.itemId).to.equal(more.itemId);
    const [step] = rounds[1] ?? [];
    expect(step?.kind === 'schedule' && step.timer.dueAt).to.equal('2024-05-04T12:10:30.000Z');
  });

  it('finishes the items of a timer', () => {
    const itemIds = [idOf('ticketItem', 0), idOf('ticketItem', 2)];
    const timer = timerOf('kitchen-simulator', { type: 'finish-items', ticketId: aTicket, itemIds });
    const commands = commandsOf(playTimer(itemsDone, timer, null, later), 'FinishItem');
    expect(commands.map(({ itemId, at: when }) => [itemId, when])).to.deep.equal(itemIds.map((id) => [id, later]));
  });

  it('hands a ready ticket over, to the table where the guests sit', () => {
    const ready: TicketEvent = { type: 'TicketReady', data: { readyAt: later } };
    const to = (mode: OrderMode) => {
      const served = { ...state, details: { ...state.details, mode } };
      return commandsOf(playEvent(kitchenSimulator, recorded(`ticket-${aTicket}`, ready), served), 'HandOver')[0]?.to;
    };
    expect(to('pickup')).to.equal('customer');
    expect(to('dine_in')).to.equal('table');
  });
});
