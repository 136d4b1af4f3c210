import type { Client } from '../demo/client.js';
import type { Chance } from './chance.js';

export const LOCATION = 'osteria';
/** Where it is brought to: to the one for less, to the other for more. */
export const NEAR = '16121';
export const FAR = '16133';
export type Mode = 'pickup' | 'dine_in' | 'delivery' | 'shipping' | 'digital';

interface Dish {
  readonly sku: string;
  readonly name: string;
  /** Minor units of EUR. */
  readonly price: number;
  readonly station?: string;
  readonly taxClass?: string;
  /** What is on the shelf when the evening begins; absent: none is counted. */
  readonly onHand?: number;
  readonly options?: readonly {
    readonly id: string;
    readonly name: string;
    readonly min: number;
    readonly max: number;
    readonly choices: readonly { readonly id: string; readonly name: string; readonly price: number }[];
  }[];
}

const SIZE = {
  id: 'size',
  name: 'Size',
  min: 1,
  max: 1,
  choices: [
    { id: 'usual', name: 'as usual', price: 0 },
    { id: 'large', name: 'large', price: 300 },
  ],
};
const EXTRAS = {
  id: 'extras',
  name: 'On top',
  min: 0,
  max: 2,
  choices: [
    { id: 'olives', name: 'olives', price: 100 },
    { id: 'rocket', name: 'rocket', price: 150 },
    { id: 'ham', name: 'ham', price: 210 },
  ],
};
const SAUCE = {
  id: 'sauce',
  name: 'Sauce',
  min: 1,
  max: 1,
  choices: [
    { id: 'sage', name: 'butter and sage', price: 0 },
    { id: 'walnut', name: 'walnuts', price: 120 },
  ],
};

const MADE: readonly Dish[] = [
  { sku: 'pizza', name: 'Pizza', price: 950, station: 'oven', options: [SIZE, EXTRAS] },
  { sku: 'lasagne', name: 'Lasagne', price: 1280, station: 'oven' },
  { sku: 'ravioli', name: 'Ravioli', price: 1340, station: 'stove', options: [SAUCE] },
  { sku: 'minestrone', name: 'Minestrone', price: 620, station: 'stove' },
  { sku: 'salad', name: 'Salad', price: 740, station: 'cold' },
  { sku: 'tiramisu', name: 'Tiramisu', price: 590, station: 'cold', onHand: 400 },
  { sku: 'water', name: 'Water', price: 280, station: 'bar' },
  { sku: 'wine', name: 'House wine', price: 640, station: 'bar', taxClass: 'drinks' },
];
const SHIPPED: readonly Dish[] = [
  { sku: 'olive-oil', name: 'Olive oil', price: 1490, onHand: 400 },
  { sku: 'pesto', name: 'Pesto in a jar', price: 655, onHand: 400 },
];
const DIGITAL: readonly Dish[] = [{ sku: 'voucher', name: 'Voucher', price: 2500 }];
/** Of which there is one: whoever wants more is short of it. */
export const TRUFFLES = {
  sku: 'truffles',
  name: 'Tagliatelle with truffles',
  price: 2400,
  station: 'stove',
  onHand: 1,
};
/** So dear that somebody looks at the order, and, with more of it, that nobody has to. */
export const BANQUET = { sku: 'banquet', name: 'Banquet', price: 12_000, station: 'oven' };
const MENU: readonly Dish[] = [...MADE, ...SHIPPED, ...DIGITAL, TRUFFLES, BANQUET];

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly options?: readonly { readonly option: string; readonly choice: string }[];
}

/** What somebody might order in this way: one to four lines. */
export function lines(mode: Mode, chance: Chance): readonly WantedLine[] {
  const from = mode === 'shipping' ? SHIPPED : mode === 'digital' ? DIGITAL : MADE;
  const dishes = chance.shuffled(from).slice(0, chance.between(1, Math.min(4, from.length)));
  return dishes.map(({ sku, options = [] }) => {
    const chosen = options.flatMap(({ id, min, max, choices }) =>
      chance
        .shuffled(choices)
        .slice(0, chance.between(min, max))
        .map((choice) => ({ option: id, choice: choice.id })),
    );
    return { sku, quantity: chance.between(1, 3), ...(chosen.length > 0 ? { options: chosen } : {}) };
  });
}

/** Opens the place, puts the menu on sale and counts what is on the shelves. */
export async function open(client: Client): Promise<void> {
  await put(client, `/v1/locations/${LOCATION}`, {
    name: 'Osteria',
    timeZone: 'Europe/Rome',
    modes: ['pickup', 'dine_in', 'delivery', 'shipping', 'digital'],
    taxRateBp: 1000,
    taxRates: [
      { taxClass: 'drinks', rateBp: 2200 },
      { taxClass: 'delivery', rateBp: 2200 },
    ],
    taxInclusive: true,
    currency: 'EUR',
    deliveryZones: [
      {
        zone: 'round the corner',
        country: 'IT',
        postalPrefixes: [NEAR.slice(0, 4)],
        fee: eur(250),
        freeFrom: eur(4000),
      },
      { zone: 'the hills', country: 'IT', postalPrefixes: [FAR.slice(0, 3)], fee: eur(490) },
    ],
    paymentWindowMinutes: 1,
    defaultStation: 'bar',
    businessDayBegins: '05:00',
    payLater: true,
    screening: { timeoutSeconds: 30, onSilence: 'hold', reviewAbove: 200, rejectAbove: 500 },
    reason: 'the evening begins',
  });
  for (const { sku, name, price, station, taxClass, onHand, options } of MENU) {
    await put(client, `/v1/offers/${sku}`, {
      name,
      price: eur(price),
      trackStock: onHand !== undefined,
      prepSeconds: 1,
      ...(station === undefined ? {} : { station }),
      ...(taxClass === undefined ? {} : { taxClass }),
      ...(options === undefined
        ? {}
        : {
            options: options.map((option) => ({
              ...option,
              choices: option.choices.map((choice) => ({ ...choice, price: eur(choice.price) })),
            })),
          }),
    });
    if (onHand !== undefined) await put(client, `/v1/stock/${sku}/${LOCATION}`, { onHand });
  }
}

/** Makes it, or puts it in the place of what is there. */
async function put(client: Client, path: string, body: unknown): Promise<void> {
  const there = await client.request('GET', path, { expect: [200, 404] });
  await client.request('PUT', path, { body, headers: there.status === 200 ? { 'if-match': '*' } : {} });
}

/** What is still promised although every order is over. */
export async function shelvesWithPromises(client: Client): Promise<readonly string[]> {
  const counted = MENU.filter(({ onHand }) => onHand !== undefined);
  const shelves = await Promise.all(
    counted.map(({ sku }) => client.get<{ sku: string; reserved: number }>(`/v1/stock/${sku}/${LOCATION}`)),
  );
  return shelves.filter(({ reserved }) => reserved > 0).map(({ sku, reserved }) => `${sku}: ${reserved}`);
}

const eur = (amount: number) => ({ amount, currency: 'EUR' });
