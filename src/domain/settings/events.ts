import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';

const definitions = {
  SettingsChanged: {
    v: 1,
    data: t.type({
      /** What is different from now on; what is not named stays as it was. */
      changes: t.partial({
        shopPaymentMinutes: t.number,
        restaurantPaymentMinutes: t.number,
        checkTimeoutSeconds: t.number,
        checkOnSilence: t.keyof({ hold: null, pass: null }),
        shortageDecisionMinutes: t.number,
        reviewDecisionMinutes: t.number,
        mismatchDecisionMinutes: t.number,
        manualDecisionMinutes: t.number,
        customersCancelUntil: t.keyof({ preparation: null, confirmation: null }),
        completeAfterDeliveryHours: t.number,
        completeAfterPickupHours: t.number,
        automaticRefundUpTo: t.number,
        automaticRefundUpToIn: t.readonlyArray(t.type({ currency: t.string, upTo: t.number })),
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
