import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { orderStream } from '../../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { SetTimer, UnfinishedWish } from '../../../../src/processes/ports/leftovers.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import { unfinishedFindings } from '../../../../src/processes/reconciliation/unfinishedOrders.js';
import { anOrder } from '../../../support/fixtures.js';
import { histories, orderHeld, orderPlaced } from '../../domain/order/histories.js';
import { recorded } from '../support/recorded.js';

/** Events happen at 12:00: see `recorded`. */
const NOW = '2024-05-04T13:00:00.000Z';
const ON_TIME = '2024-05-04T12:40:00.000Z';
const LATE = '2024-05-04T12:39:59.999Z';
const stream = orderStream(anOrder);

interface Found {
  readonly findings: readonly Finding[];
  readonly wishes: readonly UnfinishedWish[];
}

async function found(
  events: readonly OrderEvent[],
  timers: readonly SetTimer[],
  now = NOW,
  all = true,
): Promise<Found> {
  const wishes: UnfinishedWish[] = [];
  const findings: Finding[] = [];
  const parts = {
    leftovers: {
      unfinishedOrders: (wish: UnfinishedWish) => {
        wishes.push(wish);
        return Promise.resolve([anOrder]);
      },
      timersOf: () => Promise.resolve(timers),
    },
    related: {
      latest: (aggregate: { initial: unknown }, name: string) =>
        Promise.resolve(name === stream ? fold(order, order.initial, events) : aggregate.initial),
    } as unknown as Related,
    history: () => Promise.resolve(events.map((event, revision) => recorded(stream, event, revision))),
  };
  for await (const finding of unfinishedFindings(parts, now, all)) findings.push(finding);
  return { findings, wishes };
}

const timer = (process: string, suffix: string, dueAt: string, isOpen = true): SetTimer => ({
  id: `${process}/${anOrder}${suffix}`,
  process,
  dueAt,
  isOpen,
});

describe('an order that is not finished', () => {
  const withTimers = {
    awaiting_payment: { events: histories.awaiting_payment, process: 'payment-deadline', suffix: '/0' },
    on_hold: { events: histories.on_hold, process: 'hold-deadline', suffix: '/1' },
    fulfilled: { events: histories.fulfilled, process: 'completion', suffix: '' },
  } as const;

  for (const [status, { events, process, suffix }] of Object.entries(withTimers)) {
    it(`and is ${status} has its timer set anew where there is none`, async () => {
      const { findings } = await found(events, []);
      expect(findings.map(({ again }) => again?.process)).to.deep.equal([process]);
      expect(await findings[0]?.isStill?.()).to.equal(true);
    });

    it(`and is ${status} is left alone as long as its timer will go off, or has only just not`, async () => {
      expect((await found(events, [timer(process, suffix, ON_TIME)])).findings).to.deep.equal([]);
    });

    it(`and is ${status} is somebody's task where its timer is late, or has gone off and nothing came of it`, async () => {
      for (const useless of [timer(process, suffix, LATE), timer(process, suffix, ON_TIME, false)]) {
        const [finding, ...more] = (await found(events, [useless])).findings;
        expect(more).to.deep.equal([]);
        expect(finding?.about).to.deep.equal({ orderId: anOrder });
        expect(finding).not.to.have.any.keys('again', 'mend', 'refund');
      }
    });
  }

  it('is young for a quarter of an hour', async () => {
    for (const status of ['placed', 'awaiting_payment', 'on_hold', 'confirmed', 'fulfilled'] as const) {
      expect((await found(histories[status], [], '2024-05-04T12:15:00.000Z')).findings, status).to.deep.equal([]);
      expect((await found(histories[status], [], '2024-05-04T12:15:00.001Z')).findings, status).to.have.length(1);
    }
  });

  it('is looked for by when it was placed, and by timers that are not late', async () => {
    const { wishes } = await found(histories.placed, [], NOW, false);
    expect(wishes).to.deep.equal([{ before: '2024-05-04T12:45:00.000Z', late: ON_TIME, all: false }]);
  });

  it('and is checked has the end of that awaited, and its goods asked for, side by side', async () => {
    const checked = orderPlaced({
      gates: { check: 'required', stock: 'required', discounts: 'skipped' },
      screening: { timeoutSeconds: 30, onSilence: 'hold' },
    });
    const { findings } = await found([checked], []);
    expect(findings.map(({ again }) => again?.process)).to.deep.equal(['placing', 'screening-deadline']);
  });

  it('and was held twice has the timer of its last hold', async () => {
    const twice = [...histories.on_hold, orderHeld({ decideBy: ON_TIME })];
    const { findings } = await found(twice, [timer('hold-deadline', '/1', ON_TIME)]);
    expect(findings.map(({ again }) => again?.recorded.revision)).to.deep.equal([2]);
  });

  it('is nobody’s business once it is over', async () => {
    for (const status of ['completed', 'cancelled', 'rejected', 'expired'] as const) {
      expect((await found(histories[status], [])).findings, status).to.deep.equal([]);
    }
  });
});
