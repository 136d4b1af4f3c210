import { type Decision, record } from '../kernel/decision.js';
import type { TicketEvent } from './events.js';
import type { TicketRejection } from './rejections.js';
import type { TicketItemState } from './state.js';

export type TicketDecision = Decision<TicketRejection, TicketEvent>;
/** Some facts, as one decision. */
export const facts = (...events: readonly TicketEvent[]): TicketDecision => record<TicketEvent>(...events);

type Touch = Extract<TicketEvent, { type: 'ItemStarted' | 'ItemDone' | 'ItemRecalled' }>['type'];
const touch =
  (type: Touch) =>
  ({ itemId, station }: TicketItemState, by: string): TicketEvent => ({ type, data: { itemId, station, by } });

export const started = touch('ItemStarted');
export const done = touch('ItemDone');
export const recalled = touch('ItemRecalled');
export const ready = (readyAt: string): TicketEvent => ({ type: 'TicketReady', data: { readyAt } });
