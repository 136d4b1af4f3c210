import { expect } from 'chai';
import {
  automaticRefundUpTo,
  DEFAULT_SETTINGS,
  SETTING_BOUNDS,
  NUMBER_SETTINGS,
  settings,
  type Settings,
  type SettingsCommand,
  type SettingsEvent,
} from '../../../../src/domain/settings/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const given = specificationOf(settings);
const change = (changes: Partial<Settings>, reason = 'the season begins'): SettingsCommand => ({
  type: 'ChangeSettings',
  settings: { ...DEFAULT_SETTINGS, ...changes },
  reason,
});
const changed: SettingsEvent = {
  type: 'SettingsChanged',
  data: { changes: { shortageDecisionMinutes: 15 }, reason: 'the season begins' },
};
const histories = { usual: [], changed: [changed] } as const satisfies Record<string, readonly SettingsEvent[]>;

describe('the settings, every command in every state', () => {
  decisionTable(
    settings,
    histories,
    { ChangeSettings: change({ shortageDecisionMinutes: 15 }) },
    { ChangeSettings: everywhere(histories)('SettingsChanged', { changed: 'nothing' }) },
  );
});

describe('the settings', () => {
  it('are the usual ones as long as nobody has changed them', () => {
    expect(settings.initial).to.deep.equal(DEFAULT_SETTINGS);
  });

  it('record what is different, and why, and keep the rest', () => {
    const after = given([changed])
      .when(change({ shortageDecisionMinutes: 15, automaticRefundUpTo: 20 }, 'too many favours'))
      .then([{ type: 'SettingsChanged', data: { changes: { automaticRefundUpTo: 20 }, reason: 'too many favours' } }]);
    expect(after).to.deep.equal({ ...DEFAULT_SETTINGS, shortageDecisionMinutes: 15, automaticRefundUpTo: 20 });
  });

  it('can be put back to the usual ones', () => {
    given([changed])
      .when(change({}))
      .then([
        { type: 'SettingsChanged', data: { changes: { shortageDecisionMinutes: 10 }, reason: 'the season begins' } },
      ]);
  });

  for (const setting of NUMBER_SETTINGS) {
    const { minimum, maximum } = SETTING_BOUNDS[setting];
    for (const value of [minimum - 1, maximum + 1, minimum + 0.5]) {
      it(`refuse ${value} for ${setting}`, () => {
        given([])
          .when(change({ [setting]: value }))
          .thenRejected('InvalidSetting', { setting, value, maximum });
      });
    }
  }

  it('know limits of single currencies, each once and within its bounds', () => {
    const limits = (...of: readonly (readonly [string, number])[]) =>
      change({ automaticRefundUpToIn: of.map(([currency, upTo]) => ({ currency, upTo })) });
    const after = given([])
      .when(limits(['JPY', 8_000]))
      .then([
        {
          type: 'SettingsChanged',
          data: { changes: { automaticRefundUpToIn: [{ currency: 'JPY', upTo: 8_000 }] }, reason: 'the season begins' },
        },
      ]);
    expect([automaticRefundUpTo(after, 'JPY'), automaticRefundUpTo(after, 'EUR')]).to.deep.equal([8_000, 50]);
    given([])
      .when(limits(['JPY', 8_000], ['EUR', 1], ['JPY', 9_000]))
      .thenRejected('LimitTwice', { currency: 'JPY' });
    given([])
      .when(limits(['JPY', -1]))
      .thenRejected('InvalidSetting', { setting: 'automaticRefundUpToIn', currency: 'JPY', value: -1 });
  });

  it('refuse a second person for less than what needs nobody at all', () => {
    given([])
      .when(change({ automaticRefundUpTo: 100, secondPersonAbove: 99 }))
      .thenRejected('InvalidSetting', { setting: 'secondPersonAbove', minimum: 100 });
  });

  it('refuse to be changed without a reason', () => {
    given([])
      .when(change({ maximumTotal: 5 }, '  '))
      .thenRejected('ReasonRequired');
  });
});
