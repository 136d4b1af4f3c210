/** What becomes of an order that the check engine says nothing about in time. */
export const ON_SILENCE = ['hold', 'pass'] as const;
/** What ends the time in which customers cancel by themselves: that the kitchen begins, or that the order is confirmed. */
export const CANCELLATION_ENDS = ['preparation', 'confirmation'] as const;

export type CancellationEnd = (typeof CANCELLATION_ENDS)[number];

/** A limit of one currency, in its major units. */
export interface CurrencyLimit {
  readonly currency: string;
  readonly upTo: number;
}

/** What the house lets happen by itself, and for how long it waits: minutes unless the name says otherwise. */
export interface Settings {
  /** How long a customer may take to pay what is sent, where the location does not say. */
  readonly shopPaymentMinutes: number;
  /** The same for what is made at the location. */
  readonly restaurantPaymentMinutes: number;
  /** How long the check engine may take, where the location does not say. */
  readonly checkTimeoutSeconds: number;
  readonly checkOnSilence: (typeof ON_SILENCE)[number];
  readonly shortageDecisionMinutes: number;
  readonly reviewDecisionMinutes: number;
  /** Another amount was paid than was asked for. */
  readonly mismatchDecisionMinutes: number;
  /** Somebody of the staff holds the order. */
  readonly manualDecisionMinutes: number;
  readonly customersCancelUntil: CancellationEnd;
  /** After it was delivered, an order is completed by itself. */
  readonly completeAfterDeliveryHours: number;
  /** The same after it was handed over, served or downloaded. */
  readonly completeAfterPickupHours: number;
  /** In major units of any currency that has no limit of its own: up to here a refund needs no approval. */
  readonly automaticRefundUpTo: number;
  /** Limits of their own, one a currency: fifty yen are not fifty euros. */
  readonly automaticRefundUpToIn: readonly CurrencyLimit[];
  /** In major units of any currency: above it nobody approves a refund of their own asking. */
  readonly secondPersonAbove: number;
  /** In major units of any currency: what one order may cost at most. */
  readonly maximumTotal: number;
}

/** What holds as long as nobody says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  shopPaymentMinutes: 30,
  restaurantPaymentMinutes: 15,
  checkTimeoutSeconds: 30,
  checkOnSilence: 'hold',
  shortageDecisionMinutes: 10,
  reviewDecisionMinutes: 24 * 60,
  mismatchDecisionMinutes: 24 * 60,
  manualDecisionMinutes: 24 * 60,
  customersCancelUntil: 'preparation',
  completeAfterDeliveryHours: 7 * 24,
  completeAfterPickupHours: 24,
  automaticRefundUpTo: 50,
  automaticRefundUpToIn: [],
  secondPersonAbove: 500,
  maximumTotal: 100_000,
};

/** The settings that are numbers. */
export type NumberSetting = {
  [Name in keyof Settings]: Settings[Name] extends number ? Name : never;
}[keyof Settings];

const A_DAY = 24 * 60;
const A_MONTH = 31 * A_DAY;
const A_YEAR_HOURS = 365 * 24;
const DECISION = { minimum: 1, maximum: A_MONTH };
const AMOUNT = { minimum: 0, maximum: 1_000_000 };
const COMPLETION = { minimum: 1, maximum: A_YEAR_HOURS };

/** The whole numbers that each setting may be, both ends included. */
export const SETTING_BOUNDS: Readonly<Record<NumberSetting, { readonly minimum: number; readonly maximum: number }>> = {
  // a payment page of the provider is open for no longer
  shopPaymentMinutes: { minimum: 1, maximum: A_DAY },
  restaurantPaymentMinutes: { minimum: 1, maximum: A_DAY },
  checkTimeoutSeconds: { minimum: 1, maximum: 3_600 },
  shortageDecisionMinutes: DECISION,
  reviewDecisionMinutes: DECISION,
  mismatchDecisionMinutes: DECISION,
  manualDecisionMinutes: DECISION,
  completeAfterDeliveryHours: COMPLETION,
  completeAfterPickupHours: COMPLETION,
  automaticRefundUpTo: AMOUNT,
  secondPersonAbove: AMOUNT,
  maximumTotal: { minimum: 1, maximum: 1_000_000 },
};

/** The whole numbers, in major units, that the limit of one currency may be. */
export const CURRENCY_LIMIT_BOUNDS = { minimum: 0, maximum: 1_000_000_000 };

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[];
/** Those that are numbers. */
export const NUMBER_SETTINGS = Object.keys(SETTING_BOUNDS) as readonly NumberSetting[];

/** Up to how much, in major units, a refund in a currency needs no approval. */
export const automaticRefundUpTo = (
  { automaticRefundUpTo: usual, automaticRefundUpToIn: own }: Settings,
  currency: string,
): number => own.find((limit) => limit.currency === currency)?.upTo ?? usual;
