import { stock } from '../../../../src/domain/stock/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories } from './histories.js';

const inEvery = everywhere(histories);
const over = '!ReservationClosed';

describe('a stock item, every command in every state', () => {
  decisionTable(stock, histories, commands, {
    RegisterStock: inEvery('!AlreadyExists', { none: 'StockRegistered', 'none, released before': 'StockRegistered' }),
    AdjustStock: inEvery('StockAdjusted', {
      none: '!NotFound',
      'none, released before': '!NotFound',
      'reservation consumed': 'nothing', // 10 − 3 are there
    }),
    SetPolicy: inEvery('StockPolicyChanged', { none: '!NotFound', 'none, released before': '!NotFound' }),
    ReceiveStock: inEvery('StockReceived', { none: '!NotFound', 'none, released before': '!NotFound' }),
    SendTransfer: inEvery('TransferredOut', {
      none: '!NotFound',
      'none, released before': '!NotFound',
      'sold out': '!InsufficientStock',
    }),
    TakeInTransfer: inEvery('TransferredIn', { none: '!NotFound', 'none, released before': '!NotFound' }),
    RestockReturn: inEvery('StockReturned', { none: '!NotFound', 'none, released before': '!NotFound' }),
    ReserveStock: inEvery('nothing', {
      none: '!NotFound',
      'none, released before': over,
      'registered, nothing reserved': 'StockReserved',
      'reservation released': over,
      'released before it was reserved': over,
      'sold out': '!InsufficientStock',
    }),
    ConfirmReservation: inEvery('nothing', {
      none: '!NotFound',
      'none, released before': over,
      'registered, nothing reserved': '!NotFound',
      'reservation held': 'ReservationConfirmed',
      'reservation released': over,
      'released before it was reserved': over,
      'sold out': '!NotFound',
    }),
    ReleaseReservation: inEvery('ReservationReleased', {
      'none, released before': 'nothing',
      'reservation consumed': 'nothing',
      'reservation released': 'nothing',
      'released before it was reserved': 'nothing',
    }),
    // of four units one was used and two are wanted in all
    ReduceReservation: inEvery('nothing', {
      'reservation held': 'ReservationReduced',
      'reservation confirmed': 'ReservationReduced',
      'reservation partly consumed': 'ReservationReduced',
    }),
    // of a reservation that nobody ever made
    RestoreReservation: inEvery('ReservationReleased', {
      'reservation carried over': 'ReservationCarriedOver + ReservationReleased',
    }),
    ConsumeReservation: inEvery('StockConsumed', {
      none: '!NotFound',
      'none, released before': '!NotFound',
      'registered, nothing reserved': '!NotFound',
      'reservation consumed': 'nothing',
      'sold out': '!NotFound',
    }),
  });
});
