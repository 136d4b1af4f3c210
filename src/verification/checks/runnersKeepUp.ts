import { type Check, NOTHING } from '../check.js';

/** A runner that stands still is told; one that is a little behind is not. */
export const runnersKeepUp: Check = {
  name: 'runners-keep-up',
  rule: 'no runner stands before the end of the log for longer than the time of grace, or beyond it',
  begin: () => {
    // the newest events, thinned out: enough to tell roughly how old the first unhandled one is
    const seen: { readonly position: bigint; readonly at: number }[] = [];
    let every = 1;
    let count = 0;
    return {
      item: (item) => {
        count += 1;
        if (count % every === 0) seen.push({ position: item.position, at: item.createdAt.getTime() });
        if (seen.length >= 8_192) {
          seen.splice(0, seen.length, ...seen.filter((_, index) => index % 2 === 1));
          every *= 2;
        }
        return NOTHING;
      },
      end: function* (world) {
        const { head } = world;
        for (const [name, position] of world.runners) {
          const where = `runner ${name}`;
          if (position !== null && (head === null || position > head)) {
            yield {
              where,
              text: 'stands beyond the end of the log',
              expected: head?.toString(),
              found: position.toString(),
            };
            continue;
          }
          const waiting = seen.find((event) => position === null || event.position > position);
          if (waiting && world.quiet(waiting.at)) {
            yield {
              where,
              text: `stands still: events since ${new Date(waiting.at).toISOString()} wait for it`,
              expected: head?.toString(),
              found: position?.toString() ?? 'the beginning',
            };
          }
        }
      },
    };
  },
};
