import type { Projection, ProjectionFacts } from '../projections/projection.js';
import type { Projections } from '../projections/projections.js';
import type { ProjectionReq } from '../protocol/projections.js';
import { projectionReq, statisticsReq, statisticsResp } from '../protocol/projections.js';
import { EMPTY, wide } from '../protocol/shared.js';
import { serverStream, unary } from '../transport/handlers.js';
import type { Handler, Registry } from '../transport/registry.js';
import { GrpcError, Status, handlerFault } from '../transport/status.js';
import type { Access, Principal } from './access.js';

const failed = (expected: string, received: string): GrpcError =>
  new GrpcError(Status.UNKNOWN, `Envelope callback expected ${expected}, received ${received} instead`);

const unsupported = (): GrpcError =>
  new GrpcError(
    Status.UNIMPLEMENTED,
    'Not supported: this node runs the system projections only, no projections written in JavaScript.',
  );

const placeText = (position: number): string => `C:${position}/P:${position}`;

const detailsOf = (facts: ProjectionFacts): Uint8Array =>
  statisticsResp.encode({
    details: {
      version: wide(0),
      epoch: wide(facts.epoch),
      effectiveName: facts.name,
      status: facts.status,
      stateReason: facts.reason,
      name: facts.name,
      mode: 'Continuous',
      position: placeText(facts.position),
      progress: facts.progress,
      lastCheckpoint: placeText(facts.checkpoint),
      eventsProcessedAfterRestart: wide(facts.eventsProcessed),
    },
  });

/** Projections: seen by every user, steered by `$admins` and `$ops`. Only the system projections are there. */
export const registerProjections = (registry: Registry, access: Access, projections: Projections): void => {
  const steer = (
    run: (projection: Projection, options: NonNullable<ProjectionReq['options']>) => Promise<void>,
  ): Handler =>
    unary(async (request, { user }) => {
      access.require(user, 'operator');
      const { options } = projectionReq.decode(request);
      if (!options) throw handlerFault();
      const projection = projections.find(options.name);
      if (!projection) throw failed('Updated', 'NotFound');
      await run(projection, options);
      return EMPTY;
    });
  const refuse = unary((_request, { user }) => {
    access.require(user, 'operator');
    throw unsupported();
  });
  /** System projections have neither a state nor a result, and there are no others. */
  const ask = (expected: string): Handler =>
    unary((request, { user }) => {
      access.require(user, 'user');
      const { options } = projectionReq.decode(request);
      if (!options) throw handlerFault();
      throw projections.find(options.name) ? unsupported() : failed(expected, 'NotFound');
    });
  registry.add('event_store.client.projections.Projections', {
    Create: refuse,
    Update: refuse,
    Delete: steer(() => Promise.reject(failed('Updated', 'OperationFailed'))),
    Enable: steer((projection) => projection.enable()),
    Disable: steer((projection, { writeCheckpoint }) => projection.disable(writeCheckpoint ? 'Stopped' : 'Aborted')),
    Reset: steer((projection) => projection.reset()),
    State: ask('ProjectionState'),
    Result: ask('ProjectionResult'),
    Statistics: serverStream(async (request, call) => {
      for (const facts of wanted(request, call.user)) call.send(detailsOf(facts));
      await call.drained();
    }),
    RestartSubsystem: unary(async (_request, { user }) => {
      access.require(user, 'operator');
      await projections.restart();
      return EMPTY;
    }),
  });

  function wanted(request: Buffer, user: Principal): readonly ProjectionFacts[] {
    access.require(user, 'user');
    const { options } = statisticsReq.decode(request);
    if (options?.mode === undefined) throw handlerFault();
    const facts = projections.all().map((projection) => projection.facts());
    if (options.mode === 'all' || options.mode === 'continuous') return facts;
    if (options.mode !== 'name') return [];
    const named = facts.filter(({ name }) => name === options.name);
    if (named.length === 0) throw failed('Statistics', 'NotFound');
    return named;
  }
};
