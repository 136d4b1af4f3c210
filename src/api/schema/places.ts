import { decoder, type Fault, type Schema } from './schema.js';

/** ISO 3166-1 alpha-2, officially assigned. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT ' +
    'JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA ' +
    'RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT ' +
    'TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

export const country: Schema<string> = {
  json: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2', examples: ['DE'] },
  codec: decoder('country', (value) =>
    typeof value === 'string' && COUNTRIES.has(value)
      ? { value }
      : { fault: { code: 'unknown-country', text: 'must be a country of ISO 3166 in capitals, such as DE' } },
  ),
};

interface PostalCodes {
  readonly form: RegExp;
  readonly example: string;
  readonly countries: string;
}

/** How postal codes are written where that is known and simple; elsewhere any text may be one. */
const POSTAL_CODES: readonly PostalCodes[] = [
  { form: /^\d{3}$/, example: '101', countries: 'FO IS' },
  { form: /^\d{4}$/, example: '1010', countries: 'AT AU BE BG CH CY DK HU LI LU NO NZ SI ZA' },
  { form: /^\d{5}$/, example: '10115', countries: 'DE EE ES FI FR HR IT MC MX SM TH TR UA VA' },
  { form: /^\d{6}$/, example: '100000', countries: 'CN RO RU SG' },
  { form: /^\d{3} ?\d{2}$/, example: '111 20', countries: 'CZ GR SE SK' },
  { form: /^\d{5}(-\d{4})?$/, example: '10001', countries: 'US PR' },
  { form: /^(LT-)?\d{5}$/, example: '01100', countries: 'LT' },
  { form: /^(LV-)?\d{4}$/, example: 'LV-1010', countries: 'LV' },
  { form: /^\d{4}-\d{3}$/, example: '1000-001', countries: 'PT' },
  { form: /^\d{2}-\d{3}$/, example: '00-001', countries: 'PL' },
  { form: /^\d{3}-?\d{4}$/, example: '100-0001', countries: 'JP' },
  { form: /^\d{5}-?\d{3}$/, example: '01310-100', countries: 'BR' },
  { form: /^[1-9]\d{2} ?\d{3}$/, example: '110001', countries: 'IN' },
  { form: /^[1-9]\d{3} ?[A-Z]{2}$/i, example: '1011 AB', countries: 'NL' },
  { form: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i, example: 'K1A 0B1', countries: 'CA' },
  { form: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i, example: 'SW1A 1AA', countries: 'GB GG IM JE' },
  { form: /^[A-Z]\d[\dW] ?[A-Z\d]{4}$/i, example: 'D02 X285', countries: 'IE' },
];
const BY_COUNTRY: ReadonlyMap<string, PostalCodes> = new Map(
  POSTAL_CODES.flatMap((codes) => codes.countries.split(' ').map((one) => [one, codes] as const)),
);

/** What is wrong with the postal code of an address, if there is one and its country's are known. */
export function wrongPostalCode(address: {
  readonly country: string;
  readonly postalCode?: string;
}): (Fault & { readonly key: string }) | undefined {
  const { postalCode } = address;
  const known = BY_COUNTRY.get(address.country);
  if (postalCode === undefined || known === undefined || known.form.test(postalCode)) return undefined;
  const text = `must be a postal code of ${address.country}, such as ${known.example}`;
  return { key: 'postalCode', code: 'invalid-format', text };
}
