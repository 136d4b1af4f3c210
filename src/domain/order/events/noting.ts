import * as t from 'io-ts';
import { NoteIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { SealedCodec } from '../../kernel/sealed.js';

/** Something is written about an order. */
export const notingEvents = {
  NoteAdded: {
    v: 1,
    data: t.intersection([
      t.type({
        noteId: NoteIdCodec,
        /** Empty where it is sealed; in clear it stands in old events alone. */
        text: t.string,
        visibility: literals('staff', 'kitchen', 'customer'),
      }),
      t.partial({ sealed: SealedCodec }),
    ]),
  },
} as const;
