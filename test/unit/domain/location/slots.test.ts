import { expect } from 'chai';
import { type LocationView, openQuarters } from '../../../../src/domain/location/index.js';
import { mainLocation } from '../../../support/fixtures.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const DAY = '2026-05-04';
/** Berlin is two hours ahead of UTC in May. */
const open = (from: string, to: string, change: Partial<LocationView> = {}): LocationView => ({
  ...mainLocation({ timeZone: 'Europe/Berlin', hours: { weekly: [{ days: EVERY_DAY, from, to }], exceptions: [] } }),
  revision: 0,
  ...change,
});
const MORNING = '2026-05-04T00:00:00.000Z';
const times = (location: LocationView, at = MORNING, date = DAY): readonly string[] =>
  openQuarters(location, 'pickup', date, at).map((quarter) => quarter.slice(11, 16));

describe('the quarters of an hour of a business day', () => {
  it('are those in which the location is open', () => {
    expect(times(open('11:00', '12:00'))).to.deep.equal(['09:00', '09:15', '09:30', '09:45']);
  });

  it('are not those that are over, but the one that has begun', () => {
    expect(times(open('11:00', '12:00'), '2026-05-04T09:29:59.000Z')).to.deep.equal(['09:15', '09:30', '09:45']);
    expect(times(open('11:00', '12:00'), '2026-05-04T09:30:00.000Z')).to.deep.equal(['09:30', '09:45']);
  });

  it('go on after midnight, until the business day changes', () => {
    const night = open('23:30', '00:30', { businessDayBegins: '04:00' });
    expect(openQuarters(night, 'pickup', DAY, MORNING)).to.deep.equal([
      '2026-05-04T21:30:00.000Z',
      '2026-05-04T21:45:00.000Z',
      '2026-05-04T22:00:00.000Z',
      '2026-05-04T22:15:00.000Z',
    ]);
  });

  it('belong to the day before where it began then', () => {
    // open around midnight, and the business day changes at midnight too
    expect(openQuarters(open('23:45', '00:15'), 'pickup', DAY, '2026-05-03T12:00:00.000Z')).to.deep.equal([
      '2026-05-03T22:00:00.000Z',
      '2026-05-04T21:45:00.000Z',
    ]);
  });

  it('are all of the day where no hours are said, also of a day that is shorter', () => {
    const always = { ...mainLocation({ timeZone: 'Europe/Berlin' }), revision: 0 };
    expect(times(always)).to.have.length(88); // two hours are over: it is 02:00 in Berlin
    expect(times(always, MORNING, '2026-05-05')).to.have.length(96);
    expect(times(always, '2026-03-01T00:00:00.000Z', '2026-03-29')).to.have.length(92);
  });

  it('are none on a day on which it is closed, or for a mode that has no hours', () => {
    const location = open('11:00', '12:00');
    const closed = { weekly: location.hours?.weekly ?? [], exceptions: [{ date: DAY, hours: [] }] };
    expect(times({ ...location, hours: closed })).to.deep.equal([]);
    const tables = {
      weekly: [{ days: EVERY_DAY, from: '11:00', to: '12:00', modes: ['dine_in'] }],
      exceptions: [],
    } as const;
    expect(times({ ...location, hours: tables })).to.deep.equal([]);
  });

  it('are not those of a pause', () => {
    const until = '2026-05-04T09:30:00.000Z';
    expect(times(open('11:00', '12:00', { paused: { reason: 'full', until } }))).to.deep.equal(['09:30', '09:45']);
    expect(times(open('11:00', '12:00', { paused: { reason: 'full' } }))).to.deep.equal([]);
  });
});
