import { freshCommandId } from '../../../src/commands/identity.js';
import type { Answer, RequestOptions } from '../../support/inMemory/api.js';

/** Asks an operation, and holds its answer against what the document says of that status. */
export type Ask = (
  operationId: string,
  status: number,
  values?: Record<string, string>,
  options?: RequestOptions & { readonly query?: string },
) => Promise<Answer>;

/** Who does by hand what a process would do. */
export const byTest = () => ({
  commandId: freshCommandId(),
  correlationId: 'test',
  causationId: null,
  actor: { kind: 'system', id: 'system/test' } as const,
  tenant: 'main',
  at: new Date().toISOString(),
});
