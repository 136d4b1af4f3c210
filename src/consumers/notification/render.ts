import { Eta } from 'eta/core';
import { exponentOf } from '../../domain/kernel/currency.js';
import type { Money } from '../../domain/kernel/money.js';
import type { Notices, Template } from './notices.js';
import { de } from './templates/de.js';
import { en } from './templates/en.js';

/** Subject and text of each mail in one language, as templates of Eta. */
export type Texts = Readonly<Record<Template, { readonly subject: string; readonly text: string }>>;

const LANGUAGES = { en, de } as const;
export type Language = keyof typeof LANGUAGES;
const DEFAULT_LANGUAGE: Language = 'en';

/** The language in which somebody is written to, from a BCP 47 tag; English where we do not speak it. */
export const languageOf = (locale: string | undefined): Language => {
  const language = (locale ?? DEFAULT_LANGUAGE).split('-')[0];
  return language !== undefined && Object.hasOwn(LANGUAGES, language) ? (language as Language) : DEFAULT_LANGUAGE;
};

// plain text: nothing is markup in it
const eta = new Eta({ autoEscape: false, autoTrim: false, cache: true });
for (const [language, texts] of Object.entries(LANGUAGES)) {
  for (const [template, { subject, text }] of Object.entries(texts)) {
    eta.loadTemplate(`@${language}/${template}/subject`, subject);
    eta.loadTemplate(`@${language}/${template}/text`, text);
  }
}

const DIGITS = { minimumFractionDigits: 0, maximumFractionDigits: 4 };

/** Writes a mail. Times are in UTC and say so. */
export function render<Name extends Template>(
  template: Name,
  language: Language,
  about: Notices[Name] & { readonly name: string; readonly number: string },
): { readonly subject: string; readonly text: string } {
  const written = ({ amount, currency }: Money, signDisplay: 'auto' | 'always'): string => {
    const exponent = exponentOf(currency);
    const digits = { ...DIGITS, minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    return new Intl.NumberFormat(language, { style: 'currency', currency, signDisplay, ...digits }).format(
      amount / 10 ** exponent,
    );
  };
  const money = (sum: Money): string => written(sum, 'auto');
  const difference = (sum: Money): string => written(sum, 'always');
  const time = (at: string): string =>
    new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
  const variables = { ...about, money, difference, time };
  return {
    subject: eta.render(`@${language}/${template}/subject`, variables),
    text: eta.render(`@${language}/${template}/text`, variables),
  };
}
