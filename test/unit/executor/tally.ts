import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Aggregate } from '../../../src/domain/kernel/aggregate.js';
import { type EventOf, eventCodec } from '../../../src/domain/kernel/eventCodec.js';
import type { CommandContext } from '../../../src/commands/executor/contract.js';

/** The smallest aggregate that has everything the executor must cope with: writes, refusals, no-ops and faults. */
const definitions = { Added: { v: 1, data: t.type({ by: t.number, label: t.string }) } } as const;
export type TallyEvent = EventOf<typeof definitions>;
export interface Tally {
  readonly total: number;
  readonly labels: readonly string[];
}
export type TallyCommand =
  /** Refused where the total would pass 10. */
  | { readonly type: 'Add'; readonly label: string; readonly by?: number; readonly times?: number }
  /** Already true once the total is at least that much. */
  | { readonly type: 'RaiseTo'; readonly total: number; readonly label: string }
  | { readonly type: 'Break' };
export type TallyRejection = { readonly _tag: 'TooMuch'; readonly total: number };

export const LIMIT = 10;

export const tally: Aggregate<Tally, TallyCommand, TallyEvent, TallyRejection> = {
  category: 'tally',
  initial: { total: 0, labels: [] },
  decide: (command, { total }) => {
    switch (command.type) {
      case 'Add': {
        const by = command.by ?? 1;
        const times = command.times ?? 1;
        if (total + by * times > LIMIT) return E.left({ _tag: 'TooMuch', total });
        return E.right(Array.from({ length: times }, () => added(command.label, by)));
      }
      case 'RaiseTo':
        return E.right(total >= command.total ? [] : [added(command.label, command.total - total)]);
      case 'Break':
        throw new Error('a bug in decide');
    }
  },
  evolve: ({ total, labels }, { data }) => ({ total: total + data.by, labels: [...labels, data.label] }),
  codec: eventCodec(definitions),
  stateVersion: 1,
  snapshot: { toJson: (state) => state, fromJson: (json) => json as Tally },
};

export const added = (label: string, by = 1): TallyEvent => ({ type: 'Added', data: { by, label } });

export const TALLY = 'tally-1';

/** A context with that command id; ids starting like a UUIDv7 count as fresh. */
export const context = (commandId: string, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId,
  correlationId: 'correlation',
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
  at: '2026-01-01T10:00:00.000Z',
  ...more,
});
