import * as E from 'fp-ts/lib/Either.js';
import { add, type Money } from '../kernel/money.js';
import type { OfferView } from '../offer/commands.js';
import type { OrderLine } from '../order/events.js';
import type { InvalidChoice } from './rejections.js';

/** One choice of one option, by their ids. */
export interface Choice {
  readonly option: string;
  readonly choice: string;
}

/** What one unit is and costs with what was chosen. */
export interface Chosen {
  readonly unitPrice: Money;
  readonly options: OrderLine['options'];
}

/**
 * Adds what was chosen to an offer, in the order in which the offer names it.
 * @param price what it costs without them
 * @returns the unit price and the choices by name, or which option was not chosen from rightly
 */
export function choose(offer: OfferView, price: Money, wanted: readonly Choice[]): E.Either<InvalidChoice, Chosen> {
  const wrong = (option: string, problem: string): E.Either<InvalidChoice, never> =>
    E.left({ _tag: 'InvalidChoice', sku: offer.sku, option, problem });
  const offered = offer.options ?? [];
  const strange = wanted.find(({ option }) => !offered.some(({ id }) => id === option));
  if (strange) return wrong(strange.option, `${offer.name} has no option ${strange.option}`);
  let unitPrice = price;
  const options: OrderLine['options'][number][] = [];
  for (const { id, name, min, max, choices } of offered) {
    const taken = new Set(wanted.filter(({ option }) => option === id).map(({ choice }) => choice));
    const unknown = [...taken].find((choice) => !choices.some((one) => one.id === choice));
    if (unknown !== undefined) return wrong(id, `${name} has no choice ${unknown}`);
    if (taken.size < min || taken.size > max) {
      const range = min === max ? `${min}` : `${min} to ${max}`;
      return wrong(id, `of ${name} take ${range}, not ${taken.size}`);
    }
    for (const choice of choices) {
      if (!taken.has(choice.id)) continue;
      unitPrice = add(unitPrice, choice.price);
      options.push({ name, choice: choice.name, price: choice.price });
    }
  }
  return E.right({ unitPrice, options });
}
