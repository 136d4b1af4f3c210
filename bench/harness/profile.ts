/** What is read of a V8 processor profile (the DevTools protocol's `Profiler.Profile`). */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that each sample was taken in, and the microseconds since the one before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** A step of the way, and the code that belongs to it: parts of a file's path, or names of V8's own such as `(garbage collector)`. */
export interface Step {
  readonly name: string;
  readonly code: readonly string[];
}

/** What belongs to no step. */
export const REST = 'everything else';

/**
 * Shares of the busy time (0 to 1) by step, {@link REST} last, of the last so many milliseconds of a profile. A sample belongs to the first step that its innermost frames
 * belong to, going outwards: what a driver or V8 does on behalf of a step counts for that step.
 */
export function shares(profile: unknown, steps: readonly Step[], lastMs: number): ReadonlyMap<string, number> {
  const { nodes, samples, timeDeltas } = profile as CpuProfile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map<number, string | undefined>();
  const stepOf = (id: number): string | undefined => {
    if (known.has(id)) return known.get(id);
    const node = byId.get(id);
    if (!node) return undefined;
    const { functionName, url } = node.callFrame;
    if (functionName === '(idle)') return undefined;
    const own = steps.find(({ code }) =>
      code.some((part) => (url === '' ? functionName === part : url.includes(part))),
    );
    const parent = parents.get(id);
    const step = own?.name ?? (parent === undefined ? REST : (stepOf(parent) ?? REST));
    known.set(id, step);
    return step;
  };
  const spent = new Map<string, number>([...steps.map(({ name }) => [name, 0] as const), [REST, 0]]);
  let busy = 0;
  let left = timeDeltas.reduce((sum, us) => sum + us, 0);
  samples.forEach((id, index) => {
    const us = timeDeltas[index] ?? 0;
    left -= us;
    if (left > lastMs * 1_000) return;
    const step = stepOf(id);
    if (step === undefined) return;
    busy += us;
    spent.set(step, (spent.get(step) ?? 0) + us);
  });
  return new Map([...spent].map(([name, us]) => [name, us / busy]));
}
