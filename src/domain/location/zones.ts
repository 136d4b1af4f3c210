import type { DeliveryZone } from './events.js';
import type { Location } from './state.js';

/** Where something goes, as far as it is known. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  /** Or how it begins. */
  readonly postalCode?: string | undefined;
}

/** The first zone of a location that a place lies in; undefined where it lies in none, or nobody says where it is. */
export const zoneOf = (
  { deliveryZones = [] }: Pick<Location, 'deliveryZones'>,
  place: Place,
): DeliveryZone | undefined => deliveryZones.find((zone) => lies(place, zone));

/** Whether what an order comes to depends on where it is brought to. */
export const dependsOnPlace = ({ deliveryZones = [] }: Pick<Location, 'deliveryZones'>): boolean =>
  deliveryZones.some(({ fee, minimumOrder }) => fee !== undefined || minimumOrder !== undefined);

const lies = ({ country, postalCode }: Place, zone: DeliveryZone): boolean =>
  (zone.country === undefined || zone.country === country) &&
  postalCode !== undefined &&
  zone.postalPrefixes.some((prefix) => postalCode.startsWith(prefix));

/** What of its postal code tells a place apart for a location, and no more: who checks an order never sees where somebody lives. */
export function postalPrefixOf(
  { deliveryZones = [], screening }: Pick<Location, 'deliveryZones' | 'screening'>,
  code: string,
): string {
  const prefixes = [...(screening?.zones ?? []), ...deliveryZones.flatMap((zone) => zone.postalPrefixes)];
  const length = prefixes.length === 0 ? USUAL_PREFIX : Math.max(...prefixes.map((prefix) => prefix.length));
  return code.slice(0, length);
}

/** Where nothing tells places apart: a region, in most countries. */
const USUAL_PREFIX = 2;
