export type StripeErrorType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'authentication_error'
  | 'rate_limit_error';

export interface StripeErrorBody {
  readonly type: StripeErrorType;
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
}

/**
 * A refusal as Stripe's API words it; source: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes.
 * `remembered` says whether the answer is kept under the request's idempotency key: Stripe keeps what an endpoint answered
 * once it had begun to work, and keeps nothing of a request that it turned away for its parameters.
 */
export class StripeApiError extends Error {
  override readonly name = 'StripeApiError';
  readonly remembered: boolean;

  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
    options: { remembered?: boolean } = {},
  ) {
    super(body.message);
    this.remembered = options.remembered ?? false;
  }
}

/** Parameters that make no sense: 400, not kept under the idempotency key. */
export const invalidRequest = (message: string, details: { code?: string; param?: string } = {}): StripeApiError =>
  new StripeApiError(400, { type: 'invalid_request_error', message, ...details });

/** A sound request that the state of things forbids: 400, kept under the idempotency key. */
export const refused = (message: string, details: { code?: string; param?: string } = {}): StripeApiError =>
  new StripeApiError(400, { type: 'invalid_request_error', message, ...details }, { remembered: true });

/** There is no such object: 404. `what` as Stripe calls it, for example `checkout.session`. */
export const noSuch = (what: string, id: string, param: string): StripeApiError =>
  new StripeApiError(
    404,
    { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}: '${id}'`, param },
    { remembered: true },
  );

/** The simulator's port is in use by somebody else. */
export class SimulatorPortTaken extends Error {
  override readonly name = 'SimulatorPortTaken';

  constructor(
    readonly host: string,
    readonly port: number,
    options: { cause?: unknown } = {},
  ) {
    super(`port ${port} on ${host} is in use; the Stripe simulator needs a free one`, options);
  }
}

/** The simulator's data folder cannot be opened or written. */
export class SimulatorFolderUnusable extends Error {
  override readonly name = 'SimulatorFolderUnusable';

  constructor(
    readonly folder: string,
    options: { cause?: unknown } = {},
  ) {
    super(`the Stripe simulator cannot keep its data in ${folder}`, options);
  }
}
