import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../commands/executor/contract.js';
import { taskIdOf } from '../../commands/identity.js';
import { approveRefund, rejectRefund } from '../../commands/payment/decideRefund.js';
import type { PaymentId, RefundId } from '../../domain/kernel/ids.js';
import { taskStream } from '../../domain/kernel/streams.js';
import { task } from '../../domain/task/index.js';
import type { ApiDependencies } from '../dependencies.js';
import type { IfMatch } from '../http/preconditions.js';
import { type AnswerDescription, type Outcome, type Route, route } from '../http/route.js';
import { missing } from '../http/singles.js';
import { paymentAnswer, paymentId, refundId } from '../schema/payment.js';
import { text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { shownPayment as shown } from './paymentShown.js';

const TAG = 'Payments';
const OF_PAYMENT = '/v1/payments/{id}/refunds/{refundId}';
const BY_ITSELF = '/v1/refunds/{refundId}';
const reason = described(text(200), 'Why', 'the soup was eaten');
const answers: Readonly<Record<number, AnswerDescription>> = {
  200: { description: 'The payment', schema: paymentAnswer, headers: ['ETag'] },
};
const MOVES_MONEY = { headers: ['If-Match', 'Idempotency-Key'], needsIdempotencyKey: true } as const;
const PROBLEMS = [
  'illegal-transition',
  'revision-mismatch',
  'idempotency-key-missing',
  'idempotency-key-invalid',
] as const;
const APPROVAL = {
  method: 'post',
  tag: TAG,
  summary: 'Let a refund go',
  description: 'Above a limit it takes somebody else than who asked for it.',
  query: {},
  ...MOVES_MONEY,
  answers,
  problems: ['four-eyes', ...PROBLEMS],
} as const;
const REJECTION = {
  method: 'post',
  tag: TAG,
  summary: 'Do not let a refund go',
  query: {},
  ...MOVES_MONEY,
  body: { schema: object({ reason }) },
  answers,
  problems: PROBLEMS,
} as const;

/** What somebody else says of money that is to go back: named with its payment, or by itself where it waits for approval. */
export function refundDecidingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, settings } = deps;
  type Asked = { readonly ifMatch: IfMatch | undefined; readonly commandContext: () => CommandContext };
  const contextOf = ({ ifMatch, commandContext }: Asked) => ({
    ...commandContext(),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  const approve = async (id: PaymentId, refund: RefundId, asked: Asked): Promise<Outcome> => {
    const { secondPersonAbove } = await settings.now();
    return shown(id, await approveRefund(executor, id, { refundId: refund, secondPersonAbove }, contextOf(asked)));
  };
  const reject = async (id: PaymentId, refund: RefundId, why: string, asked: Asked): Promise<Outcome> =>
    shown(id, await rejectRefund(executor, id, { refundId: refund, reason: why }, contextOf(asked)));

  /** A refund that has to be approved has a task, which knows its payment. */
  async function ofItsPayment(refund: RefundId, decide: (id: PaymentId) => Promise<Outcome>): Promise<Outcome> {
    const { state } = await executor.load(task, taskStream(taskIdOf('refund_approval', refund)), { fresh: true });
    const id = state.status === 'none' ? undefined : state.task.about.paymentId;
    return id === undefined ? E.left(missing('refund', `refund ${refund} that has to be approved`)) : decide(id);
  }

  return [
    route({
      ...APPROVAL,
      path: `${OF_PAYMENT}/approval`,
      operationId: 'approveRefund',
      params: { id: paymentId, refundId },
      handle: ({ params, ...asked }) => approve(params.id, params.refundId, asked),
    }),
    route({
      ...REJECTION,
      path: `${OF_PAYMENT}/rejection`,
      operationId: 'rejectRefund',
      params: { id: paymentId, refundId },
      handle: ({ params, body, ...asked }) => reject(params.id, params.refundId, body.reason, asked),
    }),
    route({
      ...APPROVAL,
      path: `${BY_ITSELF}/approval`,
      operationId: 'approveRefundById',
      params: { refundId },
      handle: ({ params, ...asked }) => ofItsPayment(params.refundId, (id) => approve(id, params.refundId, asked)),
    }),
    route({
      ...REJECTION,
      path: `${BY_ITSELF}/rejection`,
      operationId: 'rejectRefundById',
      params: { refundId },
      handle: ({ params, body, ...asked }) =>
        ofItsPayment(params.refundId, (id) => reject(id, params.refundId, body.reason, asked)),
    }),
  ];
}
