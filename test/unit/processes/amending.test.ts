import { expect } from 'chai';
import { unmetIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { cancellation } from '../../../src/processes/cancellation.js';
import { anOrder, eur, idOf, orderLine, placedOrder, sealedNote } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const anAmendment = idOf('amendment', 1);
const amended = (change: { add?: readonly number[]; drop?: boolean; by?: 'staff' | 'customer' }): OrderEvent => ({
  type: 'OrderAmended',
  data: {
    amendmentId: anAmendment,
    changes: [
      ...(change.drop === true
        ? [{ op: 'drop', lineId: idOf('line', 1), before: 2, after: 1, amount: eur(500) } as const]
        : []),
      ...(change.add ?? []).map((n) => ({ op: 'add', lineId: idOf('line', n), after: orderLine(n) }) as const),
    ],
    totalBefore: eur(2000),
    totalAfter: eur(2000),
    settlement: 'none',
    by: change.by ?? 'staff',
  },
});
const placed = (mode: 'pickup' | 'shipping'): readonly OrderEvent[] => [
  { type: 'OrderPlaced', data: placedOrder({ mode }) },
  { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
];
function play(
  events: readonly [OrderEvent, ...OrderEvent[]],
  { world, mode = 'pickup', goesOn = true }: { world?: World; mode?: 'pickup' | 'shipping'; goesOn?: boolean } = {},
) {
  const history = [...placed(mode), ...events];
  return playEvent(
    cancellation,
    recorded(`order-${anOrder}`, events.at(-1)!, history.length - 1),
    { order: fold(order, order.initial, history) as ExistingOrder, payments: [], goesOn },
    world,
  );
}
const refuses =
  (type: string, rejection: { readonly _tag: string; readonly what?: string; readonly status?: string }): World =>
  (step) =>
    'command' in step && step.command.type === type ? refusedWith(rejection) : undefined;

describe('amending: what an amendment asks of others', () => {
  it('brings the kitchen what is noted of a line', () => {
    const after = orderLine(3, { note: sealedNote('no onions') });
    const change = { op: 'add', lineId: idOf('line', 3), after } as const;
    const bare = amended({ add: [3] });
    const noted = { ...bare, data: { ...bare.data, changes: [change] } } as OrderEvent;
    const [batch] = commandsOf(play([noted]), 'AddItems');
    expect(batch?.items.map(({ note }) => note)).to.deep.equal([sealedNote('no onions')]);
  });

  it('frees and reserves first, gives the kitchen what came, and then takes off what went', () => {
    const rounds = play([amended({ add: [3, 4], drop: true })]);
    expect(names(rounds)).to.deep.equal([
      ['ReduceReservation sku-1'],
      ['ReserveStock sku-3', 'ReserveStock sku-4'],
      ['AddItems', 'ConfirmReservation sku-3', 'ConfirmReservation sku-4'],
      ['VoidItem'],
    ]);
    expect(commandsOf(rounds, 'ReduceReservation')[0]).to.deep.include({ keep: 1 });
    const [batch] = commandsOf(rounds, 'AddItems');
    expect(batch?.batch).to.equal(anAmendment);
    expect(batch?.items.map(({ lineId, qty }) => [lineId, qty])).to.deep.equal([
      [idOf('line', 3), 2],
      [idOf('line', 4), 2],
    ]);
  });

  it('does not undo by a customer what is done, and does by the staff', () => {
    expect(commandsOf(play([amended({ drop: true })]), 'VoidItem')[0]?.force).to.equal(true);
    const refused = refuses('VoidItem', { _tag: 'AlreadyStarted' });
    const rounds = play([amended({ drop: true, by: 'customer' })], { world: refused });
    expect(commandsOf(rounds, 'VoidItem')[0]?.force).to.equal(false);
    expect(commandsOf(rounds, 'OpenTask')[0]?.task.text).to.include('made already');
  });

  it('calls off again what is short, and has the rest made', () => {
    const world: World = (step) =>
      step.kind === 'stock' && step.command.type === 'ReserveStock' && step.stream.includes('sku-3')
        ? refusedWith({ _tag: 'InsufficientStock' })
        : undefined;
    const rounds = play([amended({ add: [3, 4] })], { world });
    expect(commandsOf(rounds, 'AddItems')[0]?.items.map(({ sku }) => sku)).to.deep.equal(['sku-4']);
    expect(commandsOf(rounds, 'CancelLines')).to.have.length(1);
    expect(commandsOf(rounds, 'CancelLines')[0]).to.deep.include({
      cancellationId: unmetIdOf(anOrder, anAmendment),
      lines: [{ lineId: idOf('line', 3), qty: 2 }],
      upTo: true,
      by: 'system',
    });
  });

  it('calls off all of it where the kitchen has handed the rest over', () => {
    const world = refuses('AddItems', { _tag: 'IllegalTransition', status: 'handed_over' });
    const [off] = commandsOf(play([amended({ add: [3, 4] })], { world }), 'CancelLines');
    expect(off?.lines.map(({ lineId }) => lineId)).to.deep.equal([idOf('line', 3), idOf('line', 4)]);
  });

  it('asks no kitchen to take off what it was never given', () => {
    const off: OrderEvent = {
      type: 'LinesCancelled',
      data: {
        lines: [{ lineId: idOf('line', 3), qty: 2, amount: eur(1000) }],
        reason: 'it is not in stock',
        by: 'system',
        cancellationId: unmetIdOf(anOrder, anAmendment),
      },
    };
    expect(names(play([amended({ add: [3] }), off]))).to.deep.equal([['ReleaseReservation sku-3']]);
  });

  it('waits for a ticket that is not open yet', () => {
    const world = refuses('AddItems', { _tag: 'NotFound', what: 'ticket' });
    expect(names(play([amended({ add: [3] })], { world })).at(-1)).to.deep.equal(['later']);
  });

  it('asks nothing of a kitchen where the order goes by parcel', () => {
    expect(names(play([amended({ add: [3], drop: true })], { mode: 'shipping' }))).to.deep.equal([
      ['ReduceReservation sku-1'],
      ['ReserveStock sku-3'],
      ['ConfirmReservation sku-3'],
    ]);
  });

  it('sets nothing aside for an order that is over by now', () => {
    expect(names(play([amended({ add: [3], drop: true })], { goesOn: false }))).to.deep.equal([
      ['ReduceReservation sku-1'],
      ['VoidItem'],
    ]);
  });
});
