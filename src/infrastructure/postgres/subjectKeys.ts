import type { Queryable } from '../../subscriptions/ports/database.js';
import type { SubjectKeys } from '../crypto/ports/subjectKeys.js';

interface Row {
  readonly subject: string;
  readonly wrapped: Buffer;
}

/** The table `subject_keys`. Every method throws DatabaseUnavailable. */
export const postgresSubjectKeys = (database: Queryable): SubjectKeys => {
  const load = async (subjects: ReadonlySet<string>): Promise<ReadonlyMap<string, Buffer>> => {
    const { rows } = await database.query<Row>('SELECT subject, wrapped FROM subject_keys WHERE subject = ANY ($1)', [
      [...subjects],
    ]);
    return new Map(rows.map(({ subject, wrapped }) => [subject, wrapped]));
  };
  let asking: { readonly subjects: Set<string>; readonly keys: Promise<ReadonlyMap<string, Buffer>> } | undefined;
  /** Keys that are asked for in one turn, as a board full of notes does, are read by one statement. */
  const find = async (subject: string): Promise<Buffer | undefined> => {
    if (!asking) {
      const subjects = new Set<string>();
      const keys = Promise.resolve().then(() => {
        asking = undefined;
        return load(subjects);
      });
      asking = { subjects, keys };
    }
    asking.subjects.add(subject);
    return (await asking.keys).get(subject);
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
