import { type Check, NOTHING } from '../check.js';

/**
 * A command leaves its events in a stream in one piece, once. The same command id further on means that a message, a timer
 * or an event led to the same work twice.
 */
export const commandsTookEffectOnce: Check = {
  name: 'commands-took-effect-once',
  rule: 'no command took effect twice in the same stream',
  begin: () => {
    const seen = new Map<string, { last: string; readonly all: Set<string> }>();
    return {
      change: ({ recorded: { stream, revision, meta } }) => {
        const { commandId } = meta;
        const commands = seen.get(stream);
        if (!commands) {
          seen.set(stream, { last: commandId, all: new Set([commandId]) });
          return NOTHING;
        }
        if (commands.last === commandId) return NOTHING;
        commands.last = commandId;
        if (commands.all.has(commandId)) {
          return [{ where: `${stream}@${revision}`, text: `command ${commandId} took effect before, and again here` }];
        }
        commands.all.add(commandId);
        return NOTHING;
      },
    };
  },
};
