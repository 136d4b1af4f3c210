import type { CustomerRecord } from '../../domain/order/index.js';

/** What the house knows of those who order. */
export interface Customers {
  /** What checks of earlier orders of this account tell; undefined where nobody can say just now. */
  known(accountId: string): Promise<CustomerRecord | undefined>;
}
