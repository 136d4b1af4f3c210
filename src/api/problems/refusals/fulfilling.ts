import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** What a kitchen and a shipment say no to. */
export const fulfillingProblems = {
  NotReady: ({ openItems }) =>
    problem('not-ready', `not done yet: ${names(openItems)}`, {
      extensions: { openItems },
    }),
  ItemIsVoided: ({ name, itemId }) =>
    problem('item-voided', `${name} is not wanted any more`, {
      extensions: { itemId },
    }),
  WrongStation: ({ name, station, itemId }) =>
    problem('wrong-station', `${name} is made at the station ${station}`, {
      extensions: { itemId, station },
    }),
  AlreadyStarted: ({ items }) =>
    problem('already-started', `being made or done already: ${names(items)}`, {
      extensions: { items },
    }),
  AlreadyDispatched: ({ status }) =>
    problem('already-dispatched', `it has left already: it is ${status}`, {
      extensions: { current: status },
    }),
  NoDestination: () =>
    problem('illegal-transition', 'nobody has said where it goes: PUT the delivery of its order first'),
  CarrierRequired: () =>
    invalidField('/carrier', 'missing', 'say who takes it: there is no label, and no courier of ours'),
} satisfies ProblemsOf;

const names = (items: readonly { readonly name: string }[]): string => items.map(({ name }) => name).join(', ');
