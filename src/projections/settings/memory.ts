import type { RecordedEvent } from '../../domain/events.js';
import { SETTINGS_STREAM } from '../../domain/kernel/streams.js';
import { type Settings, settings } from '../../domain/settings/index.js';
import type { Folds, ListenerDefinition } from '../../subscriptions/contract.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';

/** The settings in memory, followed. */
export interface SettingsMemory {
  /** What holds now; reads the stream where memory does not know it yet, which may throw a system fault. */
  now(): Settings | Promise<Settings>;
  /** Reads the settings and then keeps them up; to be added to the subscriptions. */
  readonly listener: ListenerDefinition;
  /** Takes notice of a change earlier than the feed brings it, right after this process appended it. */
  apply(event: RecordedEvent): void;
}

/** Makes a memory of the settings; until its listener has begun it reads them each time. */
export function createSettingsMemory({
  folds,
  feed,
}: {
  readonly folds: Folds;
  readonly feed: Pick<EventFeed, 'head'>;
}): SettingsMemory {
  let known: { readonly state: Settings; readonly revision: number } | undefined;
  const read = async (): Promise<Settings> => (await folds.latest(settings, SETTINGS_STREAM)).state;
  /** False when memory lacks the changes before this one. */
  const apply = ({ event, revision }: RecordedEvent): boolean => {
    if (event.type !== 'SettingsChanged' || !known || revision > known.revision + 1) return false;
    if (revision > known.revision) known = { state: settings.evolve(known.state, event), revision };
    return true;
  };
  return {
    now: () => known?.state ?? read(),
    apply: (event) => void apply(event),
    listener: {
      name: 'settings memory',
      wants: (type) => type === 'SettingsChanged',
      from: async () => {
        // the head first: a change in between comes again and finds itself known
        const head = await feed.head();
        known = await folds.latest(settings, SETTINGS_STREAM);
        return head;
      },
      handle: async (event) => {
        if (!apply(event)) known = await folds.latest(settings, SETTINGS_STREAM);
      },
    },
  };
}
