import { orderStream } from '../../../../src/domain/kernel/streams.js';
import { dueAt } from '../../../support/fixtures.js';
import { shelf, waiting } from '../installation.js';
import type { Planted } from './planted.js';

/** Faults of the log itself. */
export const inTheLog: readonly Planted[] = [
  {
    check: 'revisions-gapless',
    fault: 'an event of a stream is gone',
    tables: ({ ground: { log } }) => {
      const gone = log.events.findIndex(({ stream }) => stream === shelf(1));
      log.events.splice(gone, 1);
      return Promise.resolve();
    },
    where: `${shelf(1)}@1`,
    text: /beginning of the stream is missing/,
  },
  {
    check: 'every-event-decodes',
    fault: 'an event cannot be read',
    tables: ({ ground: { log } }) => Promise.resolve(log.appendStored(orderStream(waiting), 'OrderExpired', {}, 1)),
    where: `${orderStream(waiting)}@3`,
    text: /OrderExpired cannot be read: .*dueAt/,
  },
  {
    check: 'every-event-decodes',
    fault: 'an event stands in a stream of another kind',
    tables: ({ ground: { log } }) => Promise.resolve(log.append(shelf(1), { type: 'OrderExpired', data: { dueAt } })),
    where: `${shelf(1)}@5`,
    text: /OrderExpired does not belong/,
  },
  {
    check: 'commands-took-effect-once',
    fault: 'a command was carried out twice',
    tables: ({ ground: { log } }) => {
      log.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } });
      const first = log.events.find(({ stream }) => stream === orderStream(waiting));
      const before = log.events.filter(({ stream }) => stream === orderStream(waiting)).at(-2);
      // the last event has the command of the first one, and another command stands between them
      if (first && before)
        Object.assign(before, { metadata: { ...(before.metadata as object), commandId: 'another' } });
      return Promise.resolve();
    },
    where: `${orderStream(waiting)}@3`,
    text: /took effect before, and again here/,
  },
];
