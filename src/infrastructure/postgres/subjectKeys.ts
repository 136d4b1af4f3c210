import type { Queryable } from '../../subscriptions/ports/database.js';
import type { SubjectKeys } from '../crypto/ports/subjectKeys.js';

interface Row {
  readonly wrapped: Buffer;
}

/** The table `subject_keys`. Every method throws DatabaseUnavailable. */
export const postgresSubjectKeys = (database: Queryable): SubjectKeys => {
  const find = async (subject: string): Promise<Buffer | undefined> => {
    const { rows } = await database.query<Row>('SELECT wrapped FROM subject_keys WHERE subject = $1', [subject]);
    return rows[0]?.wrapped;
  };
  return {
    find,
    keep: async (subject, wrapped) => {
      const { rowCount } = await database.query(
        'INSERT INTO subject_keys (subject, wrapped) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING',
        [subject, wrapped],
      );
      if (rowCount === 1) return wrapped;
      const kept = await find(subject);
      if (kept === undefined) throw new Error(`the key of ${subject} was taken away while it was asked for`);
      return kept;
    },
  };
};
