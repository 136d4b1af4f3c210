import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';

const definitions = {
  SettingsChanged: {
    v: 1,
    data: t.type({
      /** What is different from now on; what is not named stays as it was. */
      changes: t.partial({
        shortageDecisionMinutes: t.number,
        reviewDecisionMinutes: t.number,
        automaticRefundUpTo: t.number,
        secondPersonAbove: t.number,
        maximumTotal: t.number,
      }),
      reason: t.string,
    }),
  },
} as const;

/** Every event of the settings, as a union discriminated by `type`. */
export type SettingsEvent = EventOf<typeof definitions>;
export const settingsEvents = eventCodec(definitions);
