import type { Address, Contact } from '../../domain/kernel/person.js';
import { country, wrongPostalCode } from './places.js';
import { matching, text } from './primitives.js';
import { decoder, described, named, type Schema } from './schema.js';
import { consistent, object } from './structures.js';

const LONGEST_EMAIL = 254;
/** What browsers take for an e-mail address (HTML, "valid e-mail address"), with a dot in its domain. */
const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

const email: Schema<string> = {
  json: { type: 'string', format: 'email', maxLength: LONGEST_EMAIL },
  codec: decoder('e-mail address', (value) =>
    typeof value === 'string' && value.length <= LONGEST_EMAIL && EMAIL.test(value)
      ? { value }
      : { fault: { code: 'invalid-format', text: 'must be an e-mail address such as ada@example.com' } },
  ),
};

export const contact: Schema<Contact> = described(
  named(
    'Contact',
    object(
      {},
      {
        name: text(100),
        email,
        phone: described(matching(/^\+[1-9][0-9]{6,14}$/, 'a phone number as in E.164, such as +4930123456'), 'E.164'),
      },
    ),
  ),
  'Whom the order is for; kept encrypted, and in no answer',
);

const somewhere: Schema<Address> = consistent(
  object(
    { name: text(100), street: text(200), city: text(100), country },
    { postalCode: text(20), region: text(100), extra: text(200) },
  ),
  wrongPostalCode,
);

/** Where a house stands, which is no secret. */
export const houseAddress = named('HouseAddress', somewhere);

export const address: Schema<Address> = described(
  named('Address', somewhere),
  'Where it is brought to; kept encrypted, and in no answer',
);

export const locale = described(
  matching(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'a language as in BCP 47, such as de or en-GB'),
  'In which language the customer is written to',
  'de',
);
