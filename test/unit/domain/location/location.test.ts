import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  location,
  type LocationCommand,
  type LocationEvent,
  representLocation,
} from '../../../../src/domain/location/index.js';
import { mainLocation } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const opened: LocationEvent = { type: 'LocationOpened', data: mainLocation() };
const histories = {
  none: [],
  open: [opened],
  'open, with other terms': [{ type: 'LocationOpened', data: mainLocation({ taxRateBp: 700 }) }],
} as const satisfies Record<string, readonly LocationEvent[]>;
const commands: Record<LocationCommand['type'], LocationCommand> = {
  OpenLocation: { type: 'OpenLocation', location: mainLocation() },
};
const given = specificationOf(location);

describe('a location, every command in every state', () => {
  decisionTable(location, histories, commands, {
    OpenLocation: everywhere(histories)('nothing', {
      none: 'LocationOpened',
      'open, with other terms': '!AlreadyExists',
    }),
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
    expect(representLocation(location.initial)).to.equal(undefined);
    expect(representLocation(fold(location, location.initial, [opened]))).to.deep.equal(mainLocation());
  });
});
