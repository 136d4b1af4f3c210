import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Every stream counts its events without a gap, every event has an id of its own, and a command's events stand together once. */
export function gapless(): Invariant {
  const name = 'a stream has no gaps and holds each command once';
  const ids = new Set<string>();
  const lastCommand = new Map<string, string>();
  const commands = new Map<string, Set<string>>();
  return {
    name,
    stored: ({ id, stream, revision, meta }, histories) => {
      if (histories.revisionOf(stream) !== revision)
        throw new Violation(name, `${stream}@${revision} comes out of turn`);
      if (ids.has(id)) throw new Violation(name, `${stream}@${revision} has the id of another event: ${id}`);
      ids.add(id);
      const seen = commands.get(stream) ?? new Set();
      commands.set(stream, seen);
      if (lastCommand.get(stream) !== meta.commandId && seen.has(meta.commandId)) {
        throw new Violation(name, `${stream}@${revision} comes from a command that the stream held already`);
      }
      seen.add(meta.commandId);
      lastCommand.set(stream, meta.commandId);
    },
  };
}
