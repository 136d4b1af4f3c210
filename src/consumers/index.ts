export { CARRIER_ANSWER_QUEUE, carrierAnswers } from './carrier/carrierAnswers.js';
export { CARRIER_QUEUE, carrierEngine } from './carrier/carrierEngine.js';
export { startCarrierInboxes } from './carrier/carrierInboxes.js';
export { KITCHEN_QUEUE, kitchenConsumer, type KitchenConsumerParts } from './kitchen/kitchenConsumer.js';
export {
  NOTIFICATION_QUEUE,
  notificationConsumer,
  type NotificationConsumerParts,
} from './notification/notificationConsumer.js';
export { observedSessions } from './payment/observation.js';
export { HOLD_QUEUE, holdConsumer } from './payment/holdConsumer.js';
export { paymentSync, type PaymentSyncParts } from './payment/paymentSync.js';
export { PAYMENT_QUEUE, paymentConsumer, type PaymentConsumerParts } from './payment/paymentConsumer.js';
export { REFUND_QUEUE, refundConsumer } from './payment/refundConsumer.js';
export { providerBooks } from './payment/providerBooks.js';
export { webhooksWaiting } from './payment/webhookInbox/inboxTable.js';
export { startWebhookInbox, type WebhookInboxParts } from './payment/webhookInbox/worker.js';
export { CHECK_QUEUE, checkEngine } from './screening/checkEngine.js';
export { CHECK_RESULT_QUEUE, checkResults } from './screening/checkResults.js';
