/** What a kind of problem always says: HTTP status, title, and the numeric code of the domain. */
interface ProblemType {
  readonly status: number;
  readonly title: string;
  readonly code: number;
}

const INVALID = 10001;
const INTERNAL = 10003;
const UNAUTHORISED = 10002;
const TOO_OFTEN = 10004;
const NOT_FOUND = 20001;
const ILLEGAL_TRANSITION = 20002;
const STALE = 20003;
const DUPLICATE = 20004;
const UNAVAILABLE_OFFER = 20005;
const INSUFFICIENT_STOCK = 30001;

/** Every kind of problem that the API answers with, by the last part of its `type`. A slug never changes its meaning. */
export const PROBLEM_TYPES = {
  'malformed-request': { status: 400, title: 'This is no HTTP request', code: INVALID },
  'malformed-json': { status: 400, title: 'The body is not well-formed JSON', code: INVALID },
  'malformed-parameter': { status: 400, title: 'A parameter or header is malformed', code: INVALID },
  'invalid-cursor': { status: 400, title: 'The cursor is not valid for this list', code: INVALID },
  'idempotency-key-missing': { status: 400, title: 'The Idempotency-Key header is missing', code: INVALID },
  'idempotency-key-invalid': { status: 400, title: 'The Idempotency-Key header is malformed', code: INVALID },
  'bad-signature': { status: 400, title: 'The signature does not match', code: INVALID },
  'not-found': { status: 404, title: 'There is no such thing', code: NOT_FOUND },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here', code: INVALID },
  'not-acceptable': { status: 406, title: 'None of the accepted media types is available', code: INVALID },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', code: INVALID },
  'illegal-transition': { status: 409, title: 'The present status does not allow it', code: ILLEGAL_TRANSITION },
  'offer-unavailable': { status: 409, title: 'Something in the order is not on sale', code: UNAVAILABLE_OFFER },
  'price-changed': { status: 409, title: 'It comes to something else by now', code: UNAVAILABLE_OFFER },
  'location-closed': { status: 409, title: 'Nobody is there at that time', code: UNAVAILABLE_OFFER },
  'ordering-paused': { status: 409, title: 'No orders are taken for the moment', code: UNAVAILABLE_OFFER },
  'kitchen-full': { status: 409, title: 'The kitchen has too much to do by then', code: UNAVAILABLE_OFFER },
  'duplicate-merchant-order-number': { status: 409, title: 'The merchant order number is taken', code: DUPLICATE },
  'request-in-progress': { status: 409, title: 'Others keep changing the same thing', code: DUPLICATE },
  'insufficient-stock': { status: 409, title: 'There is not enough in stock', code: INSUFFICIENT_STOCK },
  'quantity-not-available': { status: 409, title: 'More than is still open', code: INSUFFICIENT_STOCK },
  'cancellation-window-closed': { status: 409, title: 'It is too late to cancel', code: ILLEGAL_TRANSITION },
  'already-exists': { status: 409, title: 'It exists already', code: DUPLICATE },
  'already-started': { status: 409, title: 'Somebody has begun to make it', code: ILLEGAL_TRANSITION },
  'line-already-started': { status: 409, title: 'It is being made, or gone', code: ILLEGAL_TRANSITION },
  'already-dispatched': { status: 409, title: 'It has left already', code: ILLEGAL_TRANSITION },
  'item-voided': { status: 409, title: 'The item is not wanted any more', code: ILLEGAL_TRANSITION },
  'wrong-station': { status: 409, title: 'The item belongs to another station', code: ILLEGAL_TRANSITION },
  'not-ready': { status: 409, title: 'It is not ready yet', code: ILLEGAL_TRANSITION },
  'not-caught-up': { status: 409, title: 'That revision has not been reached', code: STALE },
  'refund-exceeds-captured': { status: 409, title: 'More than was paid', code: ILLEGAL_TRANSITION },
  'paid-in-another-currency': { status: 409, title: 'The money came in another currency', code: ILLEGAL_TRANSITION },
  'nothing-due': { status: 409, title: 'Nothing is left to pay', code: ILLEGAL_TRANSITION },
  'earlier-events-parked': { status: 409, title: 'Earlier events of the stream come first', code: ILLEGAL_TRANSITION },
  'build-cannot-serve': { status: 409, title: 'That build of the read model cannot serve', code: ILLEGAL_TRANSITION },
  'hold-expired': { status: 410, title: 'The time to decide is over', code: ILLEGAL_TRANSITION },
  'four-eyes': { status: 403, title: 'A second person has to approve it', code: UNAUTHORISED },
  'revision-mismatch': { status: 412, title: 'The precondition does not hold', code: STALE },
  'too-large': { status: 413, title: 'The body is too large', code: INVALID },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported', code: INVALID },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met', code: INVALID },
  'validation-failed': { status: 422, title: 'The request does not fit its schema', code: INVALID },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key came with another request', code: DUPLICATE },
  'currency-mismatch': { status: 422, title: 'The amounts are in several currencies', code: INVALID },
  'address-not-served': { status: 422, title: 'Nobody brings anything there', code: INVALID },
  'minimum-not-met': { status: 422, title: 'It comes to too little to be brought there', code: INVALID },
  'mode-not-offered': { status: 422, title: 'The location does not offer this mode', code: INVALID },
  'precondition-required': { status: 428, title: 'If-Match is required to replace', code: STALE },
  'rate-limited': { status: 429, title: 'It was asked too often', code: TOO_OFTEN },
  'headers-too-large': { status: 431, title: 'The headers are too large', code: INVALID },
  'unreadable-event': { status: 500, title: 'An event in the log cannot be read', code: INTERNAL },
  internal: { status: 500, title: 'Something went wrong on our side', code: INTERNAL },
  'too-many-streams': { status: 503, title: 'No room for another stream', code: INTERNAL },
  unavailable: { status: 503, title: 'A part of the system does not answer', code: INTERNAL },
} as const satisfies Readonly<Record<string, ProblemType>>;

export type ProblemSlug = keyof typeof PROBLEM_TYPES;
