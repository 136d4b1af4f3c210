import { type Chance, chanceOf } from './chance.js';
import { BANQUET, FAR, lines, type Mode, NEAR, TRUFFLES, type WantedLine } from './menu.js';

/** What becomes of an order, as its guest and the staff would have it. */
export type Story =
  | 'paid'
  | 'declined, then paid'
  | 'declined, given up'
  | 'never paid'
  | 'paid too late'
  | 'held before it is paid'
  | 'called off before it is paid'
  | 'paid in the moment it is called off'
  | 'called off in time'
  | 'called off too late'
  | 'one unit less'
  | 'something given back'
  | 'eaten, then paid'
  | 'looked at, let go on'
  | 'too dear'
  | 'short, with less'
  | 'short, declined';

export interface Plan {
  readonly number: number;
  readonly mode: Mode;
  readonly story: Story;
  readonly lines: readonly WantedLine[];
  readonly table?: string;
  /** Where it is brought or sent to. */
  readonly postalCode?: string;
  /** What is given on top: minor units, or basis points of what the lines cost. */
  readonly tip?: { readonly amount: number } | { readonly rateBp: number };
}

const ALL: readonly Mode[] = ['pickup', 'dine_in', 'delivery', 'shipping', 'digital'];
const COOKED: readonly Mode[] = ['pickup', 'dine_in', 'delivery'];

/** How many orders have each story, of a hundred, and in which ways such an order may be wanted. */
const STORIES: readonly (readonly [story: Story, share: number, modes: readonly Mode[]])[] = [
  ['paid', 34, ALL],
  ['declined, then paid', 9, ALL],
  ['declined, given up', 3, ALL],
  ['never paid', 2, ALL],
  ['paid too late', 2, ALL],
  ['held before it is paid', 2, COOKED],
  ['called off before it is paid', 4, ALL],
  ['paid in the moment it is called off', 6, ALL],
  ['called off in time', 7, ['pickup', 'dine_in', 'delivery', 'shipping']],
  ['called off too late', 3, COOKED],
  ['one unit less', 6, COOKED],
  ['something given back', 7, ALL],
  ['eaten, then paid', 8, ['dine_in']],
  ['looked at, let go on', 2, COOKED],
  ['too dear', 2, COOKED],
  ['short, with less', 2, COOKED],
  ['short, declined', 1, COOKED],
];

/** A hundred orders of an evening, in the order in which they come. The same seed makes the same hundred. */
export function planOf(seed: number): readonly Plan[] {
  const chance = chanceOf(seed);
  const wanted = STORIES.flatMap(([story, share, modes]) =>
    Array.from({ length: share }, (_, index) => ({ story, mode: modes[index % modes.length] ?? 'pickup' })),
  );
  return chance.shuffled(wanted).map(({ story, mode }, index) => ({
    number: index + 1,
    story,
    mode,
    lines: linesFor(story, mode, chance),
    ...(mode === 'dine_in' ? { table: String(chance.between(1, 24)) } : {}),
    ...(mode === 'delivery' || mode === 'shipping' ? { postalCode: chance.between(0, 1) ? NEAR : FAR } : {}),
    ...tipFor(story, chance),
  }));
}

/** Every second guest gives something, but for those of whom the sum decides what becomes of them. */
function tipFor(story: Story, chance: Chance): Pick<Plan, 'tip'> {
  const given = [{}, {}, { tip: { amount: chance.between(1, 500) } }, { tip: { rateBp: chance.between(1, 10) * 100 } }];
  const isReckonedWith = story.startsWith('short') || story === 'too dear' || story === 'looked at, let go on';
  return isReckonedWith ? {} : (given[chance.between(0, 3)] ?? {});
}

function linesFor(story: Story, mode: Mode, chance: Chance): readonly WantedLine[] {
  const usual = lines(mode, chance);
  switch (story) {
    case 'looked at, let go on':
      return [...usual, { sku: BANQUET.sku, quantity: 2 }];
    case 'too dear':
      return [...usual, { sku: BANQUET.sku, quantity: 5 }];
    case 'short, with less':
    case 'short, declined':
      return [...usual, { sku: TRUFFLES.sku, quantity: 3 }];
    case 'one unit less':
      // there has to be something left
      return [...usual.filter(({ sku }) => sku !== 'minestrone'), { sku: 'minestrone', quantity: 2 }];
    default:
      return usual;
  }
}
