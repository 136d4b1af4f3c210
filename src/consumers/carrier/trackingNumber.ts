import { createHash } from 'node:crypto';
import type { ShipmentId } from '../../domain/kernel/ids.js';

/** Parcel post (C…); countries that begin with X are for private use (ISO 3166-1, 5.2.3). */
const SERVICE = 'CX';
const COUNTRY = 'XX';
const SERIALS = 100_000_000;
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

/** The check digit of a serial number of eight digits (UPU S10, the identifier of postal items). */
export function checkDigitOf(serial: string): number {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(serial[index]), 0);
  const digit = 11 - (sum % 11);
  return digit === 10 ? 0 : digit === 11 ? 5 : digit;
}

/** The tracking number that our own carrier gives a shipment, in the form of UPU S10; the same one every time. */
export function trackingNumberOf(shipmentId: ShipmentId): string {
  const number = createHash('sha256').update(shipmentId).digest().readUInt32BE(0) % SERIALS;
  const serial = String(number).padStart(8, '0');
  return `${SERVICE}${serial}${checkDigitOf(serial)}${COUNTRY}`;
}
