import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  location,
  type Location,
  type LocationCommand,
  type LocationEvent,
  representLocation,
} from '../../../../src/domain/location/index.js';
import type { OrderMode } from '../../../../src/domain/order/index.js';
import { at, eur, later, mainLocation } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const opened: LocationEvent = { type: 'LocationOpened', data: mainLocation() };
const paused: LocationEvent = { type: 'OrderingPaused', data: { reason: 'no gas', until: later } };
const histories = {
  none: [],
  open: [opened],
  'open, with other terms': [{ type: 'LocationOpened', data: mainLocation({ taxRateBp: 700 }) }],
  changed: [opened, { type: 'LocationChanged', data: { location: mainLocation({ name: 'New' }), reason: 'moved' } }],
  paused: [opened, paused],
  resumed: [opened, paused, { type: 'OrderingResumed', data: {} }],
} as const satisfies Record<string, readonly LocationEvent[]>;
const commands: Record<LocationCommand['type'], LocationCommand> = {
  OpenLocation: { type: 'OpenLocation', location: mainLocation() },
  ChangeLocation: { type: 'ChangeLocation', location: mainLocation({ name: 'New' }), reason: 'moved' },
  PauseOrdering: { type: 'PauseOrdering', reason: 'no gas', until: later, at },
  ResumeOrdering: { type: 'ResumeOrdering' },
};
const given = specificationOf(location);
const inEvery = everywhere(histories);

describe('a location, every command in every state', () => {
  decisionTable(location, histories, commands, {
    OpenLocation: inEvery('nothing', {
      none: 'LocationOpened',
      'open, with other terms': '!AlreadyExists',
      changed: '!AlreadyExists',
    }),
    ChangeLocation: inEvery('LocationChanged', { none: '!NotFound', changed: 'nothing' }),
    PauseOrdering: inEvery('OrderingPaused', { none: '!NotFound', paused: 'nothing' }),
    ResumeOrdering: inEvery('nothing', { none: '!NotFound', paused: 'OrderingResumed' }),
  });
});

describe('a location', () => {
  it('is opened with its terms', () => {
    given([]).when(commands.OpenLocation).then([opened]);
  });

  it('says which one exists when it is opened again on other terms', () => {
    given([opened])
      .when({ type: 'OpenLocation', location: mainLocation({ name: 'Other' }) })
      .thenRejected('AlreadyExists', { what: 'location', id: 'main' });
  });

  it('is known once it is open', () => {
    expect(representLocation(location.initial, -1)).to.equal(undefined);
    expect(representLocation(fold(location, location.initial, [opened]), 0)).to.deep.equal({
      ...mainLocation(),
      revision: 0,
    });
  });

  it('shows its pause, and stays paused whatever else is changed', () => {
    const state = fold(location, location.initial, [
      opened,
      paused,
      { type: 'LocationChanged', data: { location: mainLocation({ name: 'New' }), reason: 'moved' } },
    ]);
    expect(representLocation(state, 2)).to.deep.include({ name: 'New', paused: { reason: 'no gas', until: later } });
  });

  it('is not paused until a time that is over', () => {
    given([opened]).when({ type: 'PauseOrdering', reason: 'x', until: at, at }).thenRejected('PauseIsOver');
  });

  it('is neither changed nor paused without a reason', () => {
    given([opened])
      .when({ type: 'ChangeLocation', location: mainLocation({ name: 'B' }), reason: ' ' })
      .thenRejected('ReasonRequired');
    given([opened]).when({ type: 'PauseOrdering', reason: '', at }).thenRejected('ReasonRequired');
  });

  const closedOn = (...modes: readonly OrderMode[]) => ({
    date: '2026-01-01',
    hours: [],
    ...(modes.length === 0 ? {} : { modes }),
  });
  it('can say of one date what holds for one mode, for another and for the rest', () => {
    const exceptions = [closedOn(), closedOn('pickup'), closedOn('delivery'), { date: '2026-01-02', hours: [] }];
    const location = mainLocation({ hours: { weekly: [], exceptions }, stations: ['bar', 'main'] });
    given([])
      .when({ type: 'OpenLocation', location })
      .then([{ type: 'LocationOpened', data: location }]);
  });

  const odd: readonly (readonly [string, Partial<Location>])[] = [
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['modes', { modes: [] }],
    ['businessDayBegins', { businessDayBegins: '24:00' }],
    ['deliveryZones', { deliveryZones: [{ zone: 'a', postalPrefixes: [] }] }],
    ['deliveryZones', { deliveryZones: [{ zone: 'a', postalPrefixes: ['1', ''] }] }],
    ['deliveryZones', { deliveryZones: ['1', '2'].map((prefix) => ({ zone: 'a', postalPrefixes: [prefix] })) }],
    ['deliveryZones', { deliveryZones: [{ zone: 'a', postalPrefixes: ['1'], fee: eur(-1) }] }],
    ['deliveryZones', { deliveryZones: [{ zone: 'a', postalPrefixes: ['1'], freeFrom: eur(3000) }] }],
    ['deliveryZones', { currency: 'USD', deliveryZones: [{ zone: 'a', postalPrefixes: ['1'], fee: eur(100) }] }],
    [
      'deliveryZones',
      {
        deliveryZones: [{ zone: 'a', postalPrefixes: ['1'], fee: eur(100), freeFrom: { amount: 9, currency: 'USD' } }],
      },
    ],
    ['hours', { hours: { weekly: [{ days: [1], from: '9', to: '10:00' }], exceptions: [] } }],
    ['hours', { hours: { weekly: [{ days: [0], from: '09:00', to: '10:00' }], exceptions: [] } }],
    ['hours', { hours: { weekly: [], exceptions: [{ date: '2026-01-01', hours: [{ from: '09:00', to: '25:00' }] }] } }],
    ['hours', { hours: { weekly: [], exceptions: [closedOn(), closedOn()] } }],
    ['hours', { hours: { weekly: [], exceptions: [closedOn('pickup', 'delivery'), closedOn('delivery')] } }],
    ['defaultStation', { stations: ['bar', 'oven'] }],
    [
      'taxRates',
      {
        taxRates: [
          { taxClass: 'food', rateBp: 700, validFrom: '2026-07-01T00:00:00Z', validUntil: '2026-07-01T00:00:00Z' },
        ],
      },
    ],
  ];
  for (const [field, change] of odd) {
    it(`cannot be what nothing is: ${JSON.stringify(change)}`, () => {
      given([])
        .when({ type: 'OpenLocation', location: mainLocation(change) })
        .thenRejected('InvalidLocation', { field });
    });
  }
});
