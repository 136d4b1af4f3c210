import type { LineAlreadyStarted, QuantityNotAvailable } from '../../domain/order/index.js';
import type { Problem, ProblemError } from './problem.js';

/** The problem, with the places in the request of the lines of which too much is asked. */
export const atPlaces = (
  problem: Problem,
  { lines: missing }: QuantityNotAvailable | LineAlreadyStarted,
  asked: readonly { readonly lineId: string }[],
): Problem => ({
  ...problem,
  errors: asked.flatMap(({ lineId }, index): readonly ProblemError[] =>
    missing
      .filter((line) => line.lineId === lineId)
      .map(({ wanted, available }) => ({
        pointer: `/lines/${index}/qty`,
        code: 'not-available',
        detail: `${wanted} wanted, ${available} open`,
      })),
  ),
});
