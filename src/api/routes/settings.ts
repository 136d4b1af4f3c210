import * as E from 'fp-ts/lib/Either.js';
import { changeSettings } from '../../commands/settings/changeSettings.js';
import { SETTINGS_STREAM } from '../../domain/kernel/streams.js';
import {
  CANCELLATION_ENDS,
  CURRENCY_LIMIT_BOUNDS,
  type NumberSetting,
  ON_SILENCE,
  SETTING_BOUNDS,
  SETTING_NAMES,
  type Settings,
  settings,
} from '../../domain/settings/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { revisionTag } from '../http/preconditions.js';
import { type Answer, type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { currency } from '../schema/amounts.js';
import { revision } from '../schema/ids.js';
import { integer, oneOf, text } from '../schema/primitives.js';
import { described, named, type Schema } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

const PATH = '/v1/settings';
const TAG = 'Settings';
/** Where the settings stand before the first change. */
const NEVER_CHANGED = -1;

const bounded = (name: NumberSetting, description: string): Schema<number> =>
  described(integer(SETTING_BOUNDS[name].minimum, SETTING_BOUNDS[name].maximum), description);

const { minimum: least, maximum: most } = CURRENCY_LIMIT_BOUNDS;

const properties = {
  shopPaymentMinutes: bounded(
    'shopPaymentMinutes',
    'How long a customer may take to pay what is sent, where the location does not say',
  ),
  restaurantPaymentMinutes: bounded('restaurantPaymentMinutes', 'The same for what is made at the location'),
  checkTimeoutSeconds: bounded(
    'checkTimeoutSeconds',
    'How long the check engine may take, where the location does not say',
  ),
  checkOnSilence: described(
    oneOf(...ON_SILENCE),
    'What becomes of an order that the check engine says nothing about in time, where the location does not say',
  ),
  shortageDecisionMinutes: bounded(
    'shortageDecisionMinutes',
    'How long an order waits for a decision when goods are short',
  ),
  reviewDecisionMinutes: bounded('reviewDecisionMinutes', 'How long it waits when somebody has to look at it'),
  mismatchDecisionMinutes: bounded('mismatchDecisionMinutes', 'How long it waits when another amount was paid'),
  manualDecisionMinutes: bounded('manualDecisionMinutes', 'How long it waits when the staff hold it'),
  customersCancelUntil: described(
    oneOf(...CANCELLATION_ENDS),
    'Customers cancel by themselves until the kitchen begins, or until the order is confirmed; the staff may cancel later',
  ),
  completeAfterDeliveryHours: bounded(
    'completeAfterDeliveryHours',
    'When an order is completed after it was delivered',
  ),
  completeAfterPickupHours: bounded('completeAfterPickupHours', 'When it is completed after it was handed over'),
  automaticRefundUpToIn: described(
    list(object({ currency, upTo: integer(least, most) }), { max: 200 }),
    'The same in major units of single currencies, each at most once',
  ),
  automaticRefundUpTo: bounded('automaticRefundUpTo', 'In major units: up to here a refund needs no approval'),
  secondPersonAbove: bounded('secondPersonAbove', 'In major units: above it nobody approves what they asked for'),
  maximumTotal: bounded('maximumTotal', 'In major units: what one order may cost at most'),
};
const settingsAnswer = named('Settings', object(properties, { revision }));

export function settingsRoutes({ executor }: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'get',
      path: PATH,
      operationId: 'getSettings',
      tag: TAG,
      summary: 'What holds for the whole house',
      params: {},
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: {
          description: 'The settings; without an ETag as long as nobody has changed them',
          schema: settingsAnswer,
          headers: ['ETag'],
        },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async () => {
        const { state, revision: at } = await executor.load(settings, SETTINGS_STREAM, { fresh: true });
        return E.right(shown(state, at));
      },
    }),
    route({
      method: 'put',
      path: PATH,
      operationId: 'putSettings',
      tag: TAG,
      summary: 'Change what holds for the whole house',
      description:
        'All settings, and why. They hold at once and everywhere, without a restart. Settings that were changed before are ' +
        'replaced only with If-Match.',
      params: {},
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: object({ ...properties, reason: described(text(500), 'Why they are changed') }) },
      answers: { 200: { description: 'The settings as they hold now', schema: settingsAnswer, headers: ['ETag'] } },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ body: { reason, ...wanted }, ifMatch, commandContext }) => {
        const outcome = await changeSettings(
          executor,
          { settings: wanted, reason },
          { ...commandContext(), ifMatch: ifMatch ?? NEVER_CHANGED },
        );
        if (E.isLeft(outcome)) {
          return E.left(
            ifMatch === undefined && outcome.left._tag === 'RevisionMismatch'
              ? problem('precondition-required', 'the settings were changed before: send If-Match, or *')
              : problemOf(outcome.left),
          );
        }
        return E.right(shown(outcome.right.state, outcome.right.revision));
      },
    }),
  ];
}

const shown = (state: Settings, at: number): Answer => ({
  status: 200,
  headers: PRIVATE,
  body: {
    ...Object.fromEntries(SETTING_NAMES.map((name) => [name, state[name]])),
    ...(at < 0 ? {} : { revision: at }),
  },
  ...(at < 0 ? {} : { etag: revisionTag(at) }),
});
