/** What the house lets happen by itself, and for how long it waits: minutes unless the name says otherwise. */
export interface Settings {
  readonly shortageDecisionMinutes: number;
  readonly reviewDecisionMinutes: number;
  /** In major units of any currency: up to here a refund needs no approval. */
  readonly automaticRefundUpTo: number;
  /** In major units of any currency: above it nobody approves a refund of their own asking. */
  readonly secondPersonAbove: number;
}

/** What holds as long as nobody says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  shortageDecisionMinutes: 10,
  reviewDecisionMinutes: 24 * 60,
  automaticRefundUpTo: 50,
  secondPersonAbove: 500,
};
