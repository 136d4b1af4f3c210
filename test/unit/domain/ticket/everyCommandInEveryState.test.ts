import { ticket } from '../../../../src/domain/ticket/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories } from './histories.js';
const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const over = { none: '!NotFound', withdrawn: illegal, cancelled: illegal, 'stopped by force': illegal } as const;
const voidSeen = {
  cancelled: '!ItemIsVoided',
  'stopped by force': '!ItemIsVoided',
  'queued, one item voided': '!ItemIsVoided',
};

describe('a kitchen ticket, every command in every state', () => {
  decisionTable(ticket, histories, commands, {
    OpenTicket: inEvery('nothing', { none: 'TicketOpened', withdrawn: illegal }),
    FireTicket: inEvery('nothing', { ...over, scheduled: 'TicketFired' }),
    StartItem: inEvery('nothing', { ...over, ...voidSeen, scheduled: illegal, queued: 'ItemStarted' }),
    FinishItem: inEvery('nothing', {
      ...over,
      ...voidSeen,
      scheduled: illegal,
      queued: illegal,
      preparing: 'ItemDone',
    }),
    RecallItem: inEvery('nothing', {
      ...over,
      ...voidSeen,
      scheduled: illegal,
      queued: illegal,
      'preparing, one item done': 'ItemRecalled',
      ready: 'ItemRecalled',
      handed_over: illegal,
    }),
    BumpTicket: inEvery('nothing', {
      ...over,
      scheduled: illegal,
      queued: 'ItemStarted + ItemDone + ItemStarted + ItemDone + TicketReady',
      'queued, one item voided': 'ItemStarted + ItemDone + TicketReady',
      preparing: 'ItemDone + ItemStarted + ItemDone + TicketReady',
      'preparing, one item done': 'ItemStarted + ItemDone + TicketReady',
    }),
    RecallTicket: inEvery('nothing', {
      ...over,
      scheduled: illegal,
      'preparing, one item done': 'ItemRecalled',
      ready: 'ItemRecalled + ItemRecalled',
      handed_over: illegal,
    }),
    AddItems: inEvery('ItemsAdded', { ...over, handed_over: illegal }),
    VoidItem: inEvery('ItemVoided', {
      none: '!NotFound',
      withdrawn: illegal,
      'queued, one item voided': 'nothing',
      'preparing, one item done': '!AlreadyStarted',
      ready: '!AlreadyStarted',
      handed_over: illegal,
      cancelled: 'nothing',
      'stopped by force': 'nothing',
    }),
    AcknowledgeVoid: inEvery(illegal, {
      none: '!NotFound',
      'queued, one item voided': 'nothing',
      cancelled: 'nothing',
      'stopped by force': 'VoidAcknowledged',
    }),
    EscalateVoid: inEvery('nothing', { none: '!NotFound', withdrawn: illegal, 'stopped by force': 'VoidEscalated' }),
    CancelTicket: inEvery('TicketCancelled', {
      withdrawn: 'nothing',
      preparing: '!AlreadyStarted',
      'preparing, one item done': '!AlreadyStarted',
      ready: '!AlreadyStarted',
      handed_over: illegal,
      cancelled: 'nothing',
      'stopped by force': 'nothing',
    }),
    ChangePromise: inEvery('TicketPromiseChanged', { ...over, handed_over: illegal }),
    // these were opened before there were numbers
    Renumber: inEvery('nothing', { none: '!NotFound', withdrawn: illegal }),
    SetRush: inEvery('TicketPrioritised', { ...over, handed_over: illegal }),
    AddNote: inEvery('TicketNoteAdded', { ...over, handed_over: illegal }),
    HandOver: inEvery('!NotReady', { ...over, ready: 'TicketHandedOver', handed_over: 'nothing' }),
  });
});
