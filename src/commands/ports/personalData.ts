import type { PersonalFields } from '../../domain/kernel/person.js';
import type { Sealed } from '../../domain/kernel/sealed.js';

/** Seals what is known of people under a key that each of them has alone: without the key nobody reads it again. */
export interface PersonalData {
  /**
   * Seals a value under the key of `subject`, which is kept durably before this resolves. The same value of one subject is
   * sealed to the same text, so that a repeated command is seen to repeat itself.
   * @throws DatabaseUnavailable
   */
  seal<Field extends keyof PersonalFields>(
    subject: string,
    field: Field,
    value: PersonalFields[Field],
  ): Promise<Sealed>;

  /**
   * What was sealed; undefined where the key is gone, and the person with it.
   * @throws DatabaseUnavailable; an Error where the text was altered, or stood elsewhere when it was sealed
   */
  open<Field extends keyof PersonalFields>(sealed: Sealed, field: Field): Promise<PersonalFields[Field] | undefined>;
}
