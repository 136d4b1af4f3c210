import type { OrderMode } from './events.js';

/** Whether orders of this kind are made ready at the location, so that there is a kitchen ticket. */
export const isMadeToOrder = (mode: OrderMode): boolean =>
  mode === 'pickup' || mode === 'dine_in' || mode === 'delivery';

/** Whether orders of this kind are brought to the customer, so that they leave by shipments. */
export const isShipped = (mode: OrderMode): boolean => mode === 'delivery' || mode === 'shipping';
