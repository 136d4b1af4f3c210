import { mismatchTaskIdOf } from '../../commands/identity.js';
import { orderStream, taskStream } from '../../domain/kernel/streams.js';
import { isDead, order } from '../../domain/order/index.js';
import { type ExistingPayment, payment, waitingMoney } from '../../domain/payment/index.js';
import { task } from '../../domain/task/index.js';
import { checkOfTheEnd } from '../check.js';

/** By hand: what was accepted had gone by then, and is here again; there is a task for it. */
const wasGivenBack = ({ foreignRefunds }: ExistingPayment, intentId: string): boolean =>
  foreignRefunds.some((one) => one.intentId === intentId);

/** Another amount than was asked for waits for somebody only as long as somebody is to decide. */
export const otherAmountsAreDecided = checkOfTheEnd(
  'other-amounts-are-decided',
  'what came as another amount than was asked for counts once it was accepted, goes back once its order is over, and until then ' +
    'somebody is asked to decide',
  function* (world) {
    for (const [where, folded] of world.all(payment)) {
      const { state } = folded;
      if (state.status === 'none' || state.opening === undefined) continue;
      const waiting = waitingMoney(state);
      if (waiting.length === 0) continue;
      const { orderId, paymentId } = state.opening;
      const its = world.one(order, orderStream(orderId));
      if (!its || its.state.status === 'none' || !world.settled(folded) || !world.settled(its)) continue;
      const { acceptedMoney = [] } = its.state;
      for (const { intentId, actual } of waiting) {
        const money = `${actual.amount} ${actual.currency} of ${intentId}`;
        if (isDead(its.state))
          yield { where, text: `${money} do not go back, and order ${orderId} is ${its.state.status}` };
        else if (acceptedMoney.some((one) => one.intentId === intentId) && !wasGivenBack(state, intentId)) {
          yield { where, text: `${money} are not counted, and were accepted for order ${orderId}` };
        } else if (
          its.state.wasConfirmed &&
          !wasGivenBack(state, intentId) &&
          world.one(task, taskStream(mismatchTaskIdOf(paymentId, intentId, actual)))?.state.status !== 'open'
        ) {
          yield { where, text: `${money} wait for a decision, and nobody is asked for it` };
        }
      }
    }
  },
);
