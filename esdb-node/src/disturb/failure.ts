import type { Status } from '../transport/status.js';

/** The name of a gRPC status that a call can fail with. */
export type FailureStatus = Exclude<keyof typeof Status, 'OK'>;

/**
 * Which calls of the Streams service go wrong, by what they do: `append` by unary Append and by BatchAppend alike, `read` once through,
 * `subscribe` for as long as the caller listens. `$all` is the stream of those that read the whole log.
 */
interface StreamCalls {
  readonly call: 'append' | 'delete' | 'tombstone' | 'read' | 'subscribe';
  /** Only calls about this stream; without it about any. */
  readonly stream?: string;
}

/** Any other call by service and method, such as `Gossip/Read` or `PersistentSubscriptions/Create`. A call of Streams goes wrong here when it begins. */
interface MethodCalls {
  readonly call: `${string}/${string}`;
}

/** Nothing is done, and the call ends with a status. */
interface Refusal {
  readonly status: FailureStatus;
  readonly details?: string;
  /** What the client finds the kind of an error by, such as `{ exception: 'access-denied' }`. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** What was asked for is done, durably where it writes, but its answer never goes out: the caller waits until its own deadline. */
interface LostAnswer {
  readonly loseAnswer: true;
}

/** It is done as ever, but begun only after so many milliseconds. */
interface Delay {
  readonly delay: number;
}

export type Mishap = Refusal | LostAnswer | Delay;

/**
 * The next call that goes wrong, and how. A BatchAppend can tell some statuses for one append (DEADLINE_EXCEEDED,
 * PERMISSION_DENIED, UNKNOWN); with any other the whole call ends, and with it every append that the caller has under way on it.
 */
export type Failure = (StreamCalls | MethodCalls) & {
  /** How many calls go wrong so; default 1. */
  readonly times?: number;
} & Mishap;

/** A failure that waits for its call. */
export interface PlannedFailure {
  /** Resolves when it has struck for the last time: the call is refused, or what it asked for is done, or the delay is over. */
  readonly happened: Promise<void>;
  /** Takes it back, as far as it has not struck. */
  cancel(): Promise<void>;
}

/** How a test makes a running node misbehave. Everything else that the node does goes on as ever. */
export interface Disturbable {
  /**
   * Makes the next call of a kind go wrong. Failures for the same call strike one after the other. Rejects with a TypeError when
   * no call could ever go wrong so.
   */
  failNext(failure: Failure): Promise<PlannedFailure>;
  /**
   * From now on the node takes connections and requests, and answers nothing, as a process that is stopped or starved: what was
   * under way is done, but its answer is held back. (HTTP/2 itself still answers pings.)
   */
  pause(): Promise<void>;
  /** Does and answers what came in since `pause`, in its order. */
  resume(): Promise<void>;
  /** Drops every connection, as a network that fails; new ones are taken. */
  cut(): Promise<void>;
}
