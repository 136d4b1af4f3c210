/** What is on sale in a run, and how much of it is there. */
export interface Article {
  readonly sku: string;
  /** Undefined: no stock is kept for it. */
  readonly onHand?: number;
  /** In cents. */
  readonly price: number;
  readonly station: string;
}

/**
 * A location and how long its customers may take to pay: at one until long after the run, at the other so short that it is
 * over while the run lasts.
 */
export const LOCATIONS = [
  { id: 'main', paymentWindowMinutes: 24 * 60 },
  { id: 'kiosk', paymentWindowMinutes: 0.25 },
] as const;
export type LocationName = (typeof LOCATIONS)[number]['id'];

/** One of few articles that everybody wants, and never runs out of. */
export const HOT = ['hot-0', 'hot-1', 'hot-2'] as const;
const COLD = 40;
export const coldSku = (number: number): string => `cold-${number % COLD}`;
const COLD_SKUS = Array.from({ length: COLD }, (_, number) => coldSku(number));
/** So many customers in a row compete for a scarce article before the next one comes. */
const CUSTOMERS_A_SCARCE_ARTICLE = 60;
const SCARCE_UNITS = 6;
export const scarceSku = (customer: number): string => `scarce-${Math.floor(customer / CUSTOMERS_A_SCARCE_ARTICLE)}`;
export const UNTRACKED = 'service';

const PLENTY = 100_000;

/** Everything that a run with so many customers sells. */
export function shelf(customers: number): readonly Article[] {
  const scarce = Array.from({ length: Math.ceil((customers + 1) / CUSTOMERS_A_SCARCE_ARTICLE) }, (_, number) =>
    scarceSku(number * CUSTOMERS_A_SCARCE_ARTICLE),
  );
  return [
    ...HOT.map((sku, index) => ({ sku, onHand: PLENTY, price: 450 + index * 100, station: 'oven' })),
    ...COLD_SKUS.map((sku, index) => ({ sku, onHand: PLENTY, price: 199 + index, station: 'cold' })),
    ...scarce.map((sku) => ({ sku, onHand: SCARCE_UNITS, price: 1_999, station: 'oven' })),
    { sku: UNTRACKED, price: 50, station: 'bar' },
  ];
}
