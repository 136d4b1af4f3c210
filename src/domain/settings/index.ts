/** What the house lets happen by itself, and for how long it waits: minutes unless the name says otherwise. */
export interface Settings {
  /** Seconds that the check engine has to answer. */
  readonly checkTimeoutSeconds: number;
  /** What becomes of an order whose check is not answered in time. */
  readonly silentCheck: 'hold' | 'pass';
  /** Whether orders are checked before they are accepted. */
  readonly checkOrders: boolean;
  readonly shortageDecisionMinutes: number;
  readonly reviewDecisionMinutes: number;
  /** In major units of any currency: up to here a refund needs no approval. */
  readonly automaticRefundUpTo: number;
  /** In major units of any currency: above it nobody approves a refund of their own asking. */
  readonly secondPersonAbove: number;
  readonly payLaterAllowed: boolean;
  readonly captureMode: 'automatic' | 'manual';
}

/** What holds as long as nobody says otherwise (domain-model.md, 4.12). */
export const DEFAULT_SETTINGS: Settings = {
  checkTimeoutSeconds: 30,
  silentCheck: 'hold',
  checkOrders: false,
  shortageDecisionMinutes: 10,
  reviewDecisionMinutes: 24 * 60,
  automaticRefundUpTo: 50,
  secondPersonAbove: 500,
  payLaterAllowed: false,
  captureMode: 'automatic',
};
