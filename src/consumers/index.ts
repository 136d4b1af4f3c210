export { startCarrierInboxes } from './carrier/carrierInboxes.js';
export { KITCHEN_QUEUE, kitchenConsumer, type KitchenConsumerParts } from './kitchen/kitchenConsumer.js';
export { observedSessions } from './payment/observation.js';
export { PAYMENT_QUEUE, paymentConsumer, type PaymentConsumerParts } from './payment/paymentConsumer.js';
export { REFUND_QUEUE, refundConsumer } from './payment/refundConsumer.js';
export { startWebhookInbox, type WebhookInboxParts } from './payment/webhookInbox/worker.js';
export { CHECK_QUEUE, checkEngine } from './screening/checkEngine.js';
export { CHECK_RESULT_QUEUE, checkResults } from './screening/checkResults.js';
