import { expect } from 'chai';
import {
  type Location,
  postalPrefixOf,
  whyNoFee,
  whyNotBrought,
  whyNotThere,
  zoneOf,
} from '../../../../src/domain/location/index.js';
import { eur, mainLocation } from '../../../support/fixtures.js';

const delivering = (change: Partial<Location> = {}): Location =>
  mainLocation({
    modes: ['delivery', 'shipping'],
    deliveryZones: [
      { zone: 'centre', country: 'DE', postalPrefixes: ['101', '10245'] },
      { zone: 'ring', country: 'DE', postalPrefixes: ['1'] },
      { zone: 'abroad', postalPrefixes: ['7'] },
    ],
    ...change,
  });

describe('the zones of a location', () => {
  it('hold a place by the beginning of its postal code, the first that does', () => {
    const its = (postalCode: string, country = 'DE') => zoneOf(delivering(), { country, postalCode })?.zone;
    expect([its('10115'), its('10245'), its('10249'), its('22767')]).to.deep.equal([
      'centre',
      'centre',
      'ring',
      undefined,
    ]);
    expect([its('10115', 'AT'), its('75001', 'FR')]).to.deep.equal([undefined, 'abroad']);
  });

  it('hold nothing of which nobody says where it is, and nothing where there are none', () => {
    expect(zoneOf(delivering(), { country: 'DE' })).to.equal(undefined);
    expect(zoneOf(mainLocation(), { country: 'DE', postalCode: '10115' })).to.equal(undefined);
  });

  it('are where things are brought, and parcels go anywhere', () => {
    const far = { country: 'DE', postalCode: '22767' };
    expect(whyNotBrought(delivering(), 'delivery', far)).to.deep.equal({ _tag: 'AddressNotServed' });
    expect(whyNotThere(delivering(), 'delivery', far)).to.deep.equal({ _tag: 'AddressNotServed' });
    expect(whyNotBrought(delivering(), 'shipping', far)).to.equal(undefined);
    expect(whyNotBrought(delivering(), 'delivery', { country: 'DE', postalCode: '10115' })).to.equal(undefined);
    expect(whyNotBrought(mainLocation(), 'delivery', far)).to.equal(undefined);
  });

  it('and what the check serves count both where an address is changed', () => {
    const checked = delivering({ screening: { zones: ['10'] } });
    expect(whyNotThere(checked, 'delivery', { country: 'DE', postalCode: '10249' })).to.equal(undefined);
    expect(whyNotThere(checked, 'delivery', { country: 'DE', postalCode: '12047' })?._tag).to.equal('AddressNotServed');
    expect(whyNotThere(checked, 'shipping', { country: 'DE', postalCode: '12047' })?._tag).to.equal('AddressNotServed');
  });

  it('want to know where it goes as soon as anything costs anything there', () => {
    const here = { country: 'DE', postalCode: '10115' };
    const dear = delivering({ deliveryZones: [{ zone: 'centre', postalPrefixes: ['1'], fee: eur(200) }] });
    const picky = delivering({ deliveryZones: [{ zone: 'centre', postalPrefixes: ['1'], minimumOrder: eur(900) }] });
    for (const location of [dear, picky]) {
      expect(whyNoFee(location, 'delivery', {})).to.deep.equal({ _tag: 'PlaceUnknown' });
      expect(whyNoFee(location, 'delivery', { country: 'DE' })).to.deep.equal({ _tag: 'PlaceUnknown' });
      expect(whyNoFee(location, 'delivery', { postalCode: '2' })).to.deep.equal({ _tag: 'AddressNotServed' });
      expect(whyNoFee(location, 'delivery', here)).to.equal(undefined);
      expect(whyNoFee(location, 'shipping', {})).to.equal(undefined);
    }
    expect(whyNoFee(delivering(), 'delivery', {})).to.equal(undefined);
  });

  it('say how much of a postal code tells places apart; where there are none it is little', () => {
    expect(postalPrefixOf(delivering(), '10115')).to.equal('10115');
    expect(postalPrefixOf(mainLocation({ screening: { zones: ['10', '120'] } }), '12047')).to.equal('120');
    expect(postalPrefixOf(mainLocation(), '12047')).to.equal('12');
  });
});
