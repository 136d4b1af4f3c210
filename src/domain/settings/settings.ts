/** What the house lets happen by itself, and for how long it waits: minutes unless the name says otherwise. */
export interface Settings {
  readonly shortageDecisionMinutes: number;
  readonly reviewDecisionMinutes: number;
  /** In major units of any currency: up to here a refund needs no approval. */
  readonly automaticRefundUpTo: number;
  /** In major units of any currency: above it nobody approves a refund of their own asking. */
  readonly secondPersonAbove: number;
  /** In major units of any currency: what one order may cost at most. */
  readonly maximumTotal: number;
}

/** What holds as long as nobody says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  shortageDecisionMinutes: 10,
  reviewDecisionMinutes: 24 * 60,
  automaticRefundUpTo: 50,
  secondPersonAbove: 500,
  maximumTotal: 100_000,
};

const A_MONTH = 31 * 24 * 60;

/** The whole numbers that each setting may be, both ends included. */
export const SETTING_BOUNDS: Readonly<Record<keyof Settings, { readonly minimum: number; readonly maximum: number }>> =
  {
    shortageDecisionMinutes: { minimum: 1, maximum: A_MONTH },
    reviewDecisionMinutes: { minimum: 1, maximum: A_MONTH },
    automaticRefundUpTo: { minimum: 0, maximum: 1_000_000 },
    secondPersonAbove: { minimum: 0, maximum: 1_000_000 },
    maximumTotal: { minimum: 1, maximum: 1_000_000 },
  };

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[];
