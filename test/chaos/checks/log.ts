import type { RecordedEvent } from '../../../src/domain/events.js';
import { type Check, checkEach } from './check.js';
import type { History } from './history.js';

/** The log itself: every event can be read, no event is there twice, no command was carried out twice on a stream. */
export function checkLog(history: History): readonly Check[] {
  const byStream = new Map<string, RecordedEvent[]>();
  const ids = new Set<string>();
  const twice: string[] = [];
  for (const event of history.events) {
    if (ids.has(event.id)) twice.push(`event ${event.id} is in the log twice`);
    ids.add(event.id);
    const stream = byStream.get(event.stream);
    if (stream === undefined) byStream.set(event.stream, [event]);
    else stream.push(event);
  }
  return [
    {
      name: 'every event can be read, and is there once',
      looked: history.events.length + history.unreadable.length,
      differences: [...history.unreadable, ...twice],
    },
    checkEach('every stream is whole, and no command was carried out twice', byStream, ([stream, events]) => {
      const done = new Set<string>();
      for (const [index, { revision, meta }] of events.entries()) {
        if (revision !== index) return `${stream} lacks revision ${index}`;
        if (events[index - 1]?.meta.commandId === meta.commandId) continue;
        if (done.has(meta.commandId))
          return `${stream}: command ${meta.commandId} was carried out again at ${revision}`;
        done.add(meta.commandId);
      }
      return undefined;
    }),
  ];
}
