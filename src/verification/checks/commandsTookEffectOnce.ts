import type { Check } from '../check.js';

/**
 * A command leaves its events in a stream in one piece, once. The same command id further on means that a message, a timer
 * or an event led to the same work twice.
 */
export const commandsTookEffectOnce: Check = {
  name: 'commands-took-effect-once',
  rule: 'no command took effect twice in the same stream',
  begin: () => {
    const seen = new Map<string, Set<string>>();
    const last = new Map<string, string>();
    return {
      change: function* ({ recorded: { stream, revision, meta } }) {
        const { commandId } = meta;
        if (last.get(stream) === commandId) return;
        last.set(stream, commandId);
        const commands = seen.get(stream);
        if (!commands) seen.set(stream, new Set([commandId]));
        else if (commands.has(commandId)) {
          yield { where: `${stream}@${revision}`, text: `command ${commandId} took effect before, and again here` };
        } else commands.add(commandId);
      },
    };
  },
};
