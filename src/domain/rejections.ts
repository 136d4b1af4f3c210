import type { LocationRejection } from './location/rejections.js';
import type { OfferRejection } from './offer/rejections.js';
import type { OrderRejection } from './order/rejections.js';
import type { PaymentRejection } from './payment/rejections.js';
import type { PricingRejection } from './pricing/rejections.js';
import type { SettingsRejection } from './settings/rejections.js';
import type { ShipmentRejection } from './shipment/rejections.js';
import type { StockRejection } from './stock/rejections.js';
import type { TaskRejection } from './task/rejections.js';
import type { TicketRejection } from './ticket/rejections.js';

/** Every business "no" of the domain; its `_tag` decides the problem type that a client sees. */
export type Rejection =
  | OrderRejection
  | PaymentRejection
  | StockRejection
  | TicketRejection
  | ShipmentRejection
  | OfferRejection
  | LocationRejection
  | SettingsRejection
  | PricingRejection
  | TaskRejection;
