/** What a suite may do to a service of its run. Each resolves when the effect has taken place. */
export interface ServiceControl {
  /** `private` instances get real signals; what was named by a variable or runs in a container is cut off by a proxy before it. */
  readonly origin: 'private' | 'external' | 'container';
  /** Ends at once, as `kill -9` does; connections break, new ones are refused. */
  kill(): Promise<void>;
  /** Ends in good order where that is possible: what it was told is stored, connections are closed, new ones are refused. */
  stop(): Promise<void>;
  /** Comes back after `kill` or `stop`, on the same address, with what it had stored. */
  start(): Promise<void>;
  /** `kill` and `start`, or a graceful stop and start where that is possible. */
  restart(): Promise<void>;
  /** Connections stay open and nothing answers any more. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

export interface Service extends ServiceControl {
  readonly url: string;
}

/** Where a service comes from, before control is added. */
export interface RunningService extends Service {
  /** Ends it for good, files included. */
  dispose(): Promise<void>;
}

export type ServiceName = 'postgres' | 'redis' | 'rabbitmq';

/** A service that could not be brought up; one line that says what to install or set. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}
