import { expect } from 'chai';
import {
  businessDate,
  businessDayEnds,
  isPaused,
  type Location,
  openingAt,
  taxRateOf,
  whyNoOrder,
} from '../../../../src/domain/location/index.js';
import { mainLocation } from '../../../support/fixtures.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const inBerlin = (change: Partial<Location> = {}): Location => mainLocation({ timeZone: 'Europe/Berlin', ...change });
const weekly = (from: string, to: string, days: readonly number[] = EVERY_DAY): Location =>
  inBerlin({ hours: { weekly: [{ days, from, to }], exceptions: [] } });

describe('the opening hours of a location', () => {
  it('are all day long where none are said', () => {
    expect(openingAt(inBerlin(), 'pickup', '2026-05-04T03:00:00Z')).to.deep.equal({ open: true });
  });

  // Berlin is two hours ahead of UTC in May
  const cases: readonly (readonly [string, Location, string, unknown])[] = [
    ['from their first minute', weekly('11:00', '22:00'), '2026-05-04T09:00:00Z', { open: true }],
    [
      'not before, and say when they begin',
      weekly('11:00', '22:00'),
      '2026-05-04T08:59:59Z',
      { open: false, opensAt: '2026-05-04T09:00:00.000Z' },
    ],
    [
      'not at their last minute any more',
      weekly('11:00', '22:00'),
      '2026-05-04T20:00:00Z',
      { open: false, opensAt: '2026-05-05T09:00:00.000Z' },
    ],
    ['until after midnight', weekly('18:00', '02:00'), '2026-05-04T23:59:00Z', { open: true }],
    [
      'only on their days: from Friday to Monday',
      weekly('11:00', '22:00', [1]),
      '2026-05-08T10:00:00Z',
      { open: false, opensAt: '2026-05-11T09:00:00.000Z' },
    ],
    ['whatever the day, round the clock', weekly('00:00', '00:00'), '2026-05-04T22:00:00Z', { open: true }],
    [
      'never where the week has none',
      inBerlin({ hours: { weekly: [], exceptions: [] } }),
      '2026-05-04T10:00:00Z',
      { open: false },
    ],
  ];
  for (const [name, location, at, expected] of cases) {
    it(`hold ${name}`, () => expect(openingAt(location, 'pickup', at)).to.deep.equal(expected));
  }

  it('are those of the mode', () => {
    const location = inBerlin({
      hours: { weekly: [{ days: EVERY_DAY, from: '11:00', to: '22:00', modes: ['dine_in'] }], exceptions: [] },
    });
    expect(openingAt(location, 'dine_in', '2026-05-04T10:00:00Z').open).to.equal(true);
    expect(openingAt(location, 'pickup', '2026-05-04T10:00:00Z')).to.deep.equal({ open: false });
  });

  it('are replaced on a date of its own', () => {
    const hours = weekly('11:00', '22:00').hours;
    const location = inBerlin({
      hours: {
        weekly: hours?.weekly ?? [],
        exceptions: [
          { date: '2026-12-24', hours: [] },
          { date: '2026-12-25', hours: [{ from: '17:00', to: '20:00' }] },
        ],
      },
    });
    expect(openingAt(location, 'pickup', '2026-12-24T12:00:00Z')).to.deep.equal({
      open: false,
      opensAt: '2026-12-25T16:00:00.000Z',
    });
    expect(openingAt(location, 'pickup', '2026-12-25T12:00:00Z').open).to.equal(false);
    expect(openingAt(location, 'pickup', '2026-12-26T12:00:00Z').open).to.equal(true);
  });

  it('are replaced on a date for one mode and stay as they are for the others, or are what the date says of all', () => {
    const weekly = [{ days: EVERY_DAY, from: '11:00', to: '22:00' }];
    const lunch = { date: '2026-12-24', modes: ['delivery'] as const, hours: [{ from: '11:00', to: '14:00' }] };
    const evening = '2026-12-24T18:00:00Z';
    const some = inBerlin({ hours: { weekly, exceptions: [lunch] } });
    expect(openingAt(some, 'delivery', evening).open).to.equal(false);
    expect(openingAt(some, 'pickup', evening).open).to.equal(true);
    for (const exceptions of [
      [{ date: '2026-12-24', hours: [] }, lunch],
      [lunch, { date: '2026-12-24', hours: [] }],
    ]) {
      const all = inBerlin({ hours: { weekly, exceptions } });
      expect(openingAt(all, 'delivery', '2026-12-24T12:00:00Z').open).to.equal(true);
      expect(openingAt(all, 'pickup', '2026-12-24T12:00:00Z').open).to.equal(false);
    }
  });

  it('follow the clocks when they change: on 29 March 2026 there is no 02:30 in Berlin', () => {
    const night = weekly('02:30', '04:00');
    expect(openingAt(night, 'pickup', '2026-03-29T00:45:00Z')).to.deep.equal({
      open: false,
      opensAt: '2026-03-29T01:30:00.000Z',
    });
    expect(openingAt(weekly('11:00', '22:00'), 'pickup', '2026-03-28T22:00:00Z')).to.deep.equal({
      open: false,
      opensAt: '2026-03-29T09:00:00.000Z',
    });
  });
});

describe('the business day of a location', () => {
  const restaurant = inBerlin({ businessDayBegins: '04:00' });
  it('goes on after midnight until it changes', () => {
    expect(businessDate(restaurant, '2026-05-05T01:59:59Z')).to.equal('2026-05-04');
    expect(businessDate(restaurant, '2026-05-05T02:00:00Z')).to.equal('2026-05-05');
    expect(businessDate(inBerlin(), '2026-05-04T22:00:00Z')).to.equal('2026-05-05');
  });

  it('ends when the next one begins', () => {
    expect(businessDayEnds(restaurant, '2026-05-05T01:59:59Z')).to.equal('2026-05-05T02:00:00.000Z');
    expect(businessDayEnds(restaurant, '2026-05-05T02:00:00Z')).to.equal('2026-05-06T02:00:00.000Z');
  });
});

describe('whether a location takes an order', () => {
  const open = { ...weekly('11:00', '22:00'), revision: 1 };
  const at = '2026-05-04T10:00:00.000Z';

  it('yes, while it is open', () => {
    expect(whyNoOrder(open, { mode: 'pickup', at })).to.equal(undefined);
  });

  it('not while it is paused, and again afterwards', () => {
    const paused = { reason: 'no gas', until: '2026-05-04T10:30:00.000Z' };
    expect(whyNoOrder({ ...open, paused }, { mode: 'pickup', at })).to.deep.equal({
      _tag: 'OrderingIsPaused',
      ...paused,
    });
    expect(whyNoOrder({ ...open, paused }, { mode: 'pickup', at: '2026-05-04T10:30:00.000Z' })).to.equal(undefined);
    expect(isPaused({ reason: 'for good' }, '2099-01-01T00:00:00Z')).to.equal(true);
  });

  it('at night for the next day, not for the night', () => {
    const night = '2026-05-04T23:00:00.000Z';
    expect(whyNoOrder(open, { mode: 'pickup', at: night })?._tag).to.equal('LocationClosed');
    expect(whyNoOrder(open, { mode: 'pickup', at: night, promisedAt: '2026-05-05T12:00:00Z' })).to.equal(undefined);
    expect(whyNoOrder(open, { mode: 'pickup', at, promisedAt: '2026-05-05T01:00:00Z' })).to.deep.equal({
      _tag: 'LocationClosed',
      opensAt: '2026-05-05T09:00:00.000Z',
    });
  });

  for (const promisedAt of ['2026-05-04T09:59:59Z', '2026-06-03T10:00:01Z']) {
    it(`not for ${promisedAt}, which is over or too far ahead`, () => {
      expect(whyNoOrder(open, { mode: 'pickup', at, promisedAt })?._tag).to.equal('PromiseOutOfRange');
    });
  }
});

describe('the tax rate of a class', () => {
  const terms = {
    taxRateBp: 1900,
    taxRates: [
      { taxClass: 'food', rateBp: 1000 },
      { taxClass: 'food', rateBp: 700, modes: ['pickup'] as const },
      { taxClass: 'food', rateBp: 500, validFrom: '2026-07-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z' },
      { taxClass: 'books', rateBp: 0, validUntil: '2026-07-01T00:00:00Z' },
    ],
  };
  const cases = [
    ['drinks', 'pickup', '2026-05-04T10:00:00Z', 1900],
    ['food', 'dine_in', '2026-05-04T10:00:00Z', 1000],
    ['food', 'dine_in', '2026-07-01T00:00:00Z', 500],
    ['food', 'pickup', '2026-08-01T00:00:00Z', 700],
    ['food', 'dine_in', '2026-12-31T23:59:59Z', 500],
    ['food', 'dine_in', '2027-01-01T00:00:00Z', 1000],
    ['books', 'pickup', '2026-06-30T23:59:59Z', 0],
    ['books', 'pickup', '2026-07-01T00:00:00Z', 1900],
  ] as const;
  for (const [taxClass, mode, at, rate] of cases) {
    it(`of ${taxClass} for ${mode} on ${at.slice(0, 10)} is ${rate}`, () => {
      expect(taxRateOf(terms, taxClass, mode, at)).to.equal(rate);
    });
  }
});
