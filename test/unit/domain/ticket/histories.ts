import type { TicketCommand, TicketEvent, TicketStatus } from '../../../../src/domain/ticket/index.js';
import { anOrder, idOf, later, openedTicket, sealedNote } from '../../../support/fixtures.js';

export const opened: TicketEvent = { type: 'TicketOpened', data: openedTicket() };
const [firstItem] = openedTicket().items;
if (!firstItem) throw new Error('a ticket has items');
export const itemId = idOf('ticketItem', 1);
export const extra = { ...firstItem, itemId: idOf('ticketItem', 3), lineId: idOf('line', 3) };
export const started = (item = 1): TicketEvent => ({
  type: 'ItemStarted',
  data: { itemId: idOf('ticketItem', item), station: 'main', by: 'ana' },
});
export const done = (item = 1): TicketEvent => ({
  type: 'ItemDone',
  data: { itemId: idOf('ticketItem', item), station: 'main', by: 'ana' },
});
export const ready: TicketEvent = { type: 'TicketReady', data: { readyAt: later } };
const handedOver: TicketEvent = { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } };

export const fired: TicketEvent = { type: 'TicketFired', data: { firedAt: later, by: 'ana' } };
export const cancelled = (forced = false): TicketEvent => ({
  type: 'TicketCancelled',
  data: { orderId: anOrder, reason: 'changed my mind', by: 'cancellation', forced, cancelledAt: later },
});
export const voidedItem = (item = 1, qty = 2, wasStarted = false): TicketEvent => ({
  type: 'ItemVoided',
  data: { itemId: idOf('ticketItem', item), qty, reason: 'sold out', by: 'ana', wasStarted },
});
export const acknowledged: TicketEvent = { type: 'VoidAcknowledged', data: { itemId, by: 'ana' } };
export const escalated: TicketEvent = { type: 'VoidEscalated', data: { itemId, at: later, by: 'kitchen-voids' } };
export const recalledItem = (item = 1): TicketEvent => ({
  type: 'ItemRecalled',
  data: { itemId: idOf('ticketItem', item), station: 'main', by: 'ana' },
});
export const dueLater = '2024-05-04T13:00:00.000Z';
export const scheduled: TicketEvent = {
  type: 'TicketOpened',
  data: openedTicket({ promisedAt: '2024-05-04T13:01:00.000Z', fireAt: dueLater }),
};

export const cooked = [opened, started(1), started(2), done(1), done(2), ready];
/** How a ticket comes to each status; while preparing, its first item is cooking. */
export const histories: Readonly<
  Record<
    TicketStatus | 'none' | 'withdrawn' | 'preparing, one item done' | 'queued, one item voided' | 'stopped by force',
    readonly TicketEvent[]
  >
> = {
  none: [],
  withdrawn: [cancelled()],
  scheduled: [scheduled],
  queued: [opened],
  'queued, one item voided': [opened, voidedItem()],
  preparing: [opened, started(1)],
  'preparing, one item done': [opened, started(1), done(1)],
  ready: cooked,
  handed_over: [...cooked, handedOver],
  cancelled: [opened, cancelled()],
  'stopped by force': [opened, started(1), cancelled(true)],
};
export const commands: { readonly [Type in TicketCommand['type']]: Extract<TicketCommand, { type: Type }> } = {
  OpenTicket: { type: 'OpenTicket', ticket: openedTicket() },
  FireTicket: { type: 'FireTicket', by: 'ana', at: later },
  StartItem: { type: 'StartItem', itemId, by: 'ana' },
  FinishItem: { type: 'FinishItem', itemId, by: 'ana', at: later },
  RecallItem: { type: 'RecallItem', itemId, by: 'ana' },
  BumpTicket: { type: 'BumpTicket', by: 'ana', at: later },
  RecallTicket: { type: 'RecallTicket', by: 'ana' },
  AddItems: { type: 'AddItems', batch: 'more', at: later, items: [extra] },
  VoidItem: { type: 'VoidItem', itemId, qty: 2, reason: 'sold out', by: 'ana', at: later, force: false },
  AcknowledgeVoid: { type: 'AcknowledgeVoid', itemId, by: 'ana' },
  EscalateVoid: { type: 'EscalateVoid', itemId, seen: 0, by: 'kitchen-voids', at: later },
  CancelTicket: {
    type: 'CancelTicket',
    orderId: anOrder,
    reason: 'changed my mind',
    by: 'cancellation',
    at: later,
    force: false,
  },
  ChangePromise: {
    type: 'ChangePromise',
    promisedAt: '2024-05-04T14:00:00.000Z',
    fireAt: '2024-05-04T13:59:00.000Z',
    by: 'ana',
    at: later,
  },
  Renumber: { type: 'Renumber', pickupNo: 3, businessDate: '2024-05-05' },
  SetRush: { type: 'SetRush', rush: true, by: 'ana' },
  AddNote: { type: 'AddNote', noteId: idOf('note', 1), note: sealedNote('no nuts'), by: 'ana' },
  HandOver: { type: 'HandOver', to: 'customer', at: later },
};
