import * as t from 'io-ts';

/** Whom an order is for, and how to reach them. */
export const ContactCodec = t.partial({
  name: t.string,
  email: t.string,
  /** E.164. */
  phone: t.string,
});
export type Contact = t.TypeOf<typeof ContactCodec>;

/** Where an order is brought to. */
export const AddressCodec = t.intersection([
  t.type({
    name: t.string,
    street: t.string,
    city: t.string,
    /** ISO 3166-1 alpha-2. */
    country: t.string,
  }),
  t.partial({ postalCode: t.string, region: t.string, extra: t.string }),
]);
export type Address = t.TypeOf<typeof AddressCodec>;

/** What is known of a person, by the part of an event in which it stands sealed. */
export interface PersonalFields {
  readonly contact: Contact;
  readonly address: Address;
  /** What somebody wrote, which may be about anybody. */
  readonly note: string;
}
