import type { IncomingHttpHeaders } from 'node:http2';

/** Who makes a call. */
export interface Principal {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What a call wants to do with a stream; the metadata stream `$$s` is asked about as `s`. */
export type StreamOperation = 'read' | 'write' | 'delete' | 'metadataRead' | 'metadataWrite';

/**
 * Who may do what is not about one stream: `user` whoever has told a right password, `operator` members of `$ops` and `$admins`,
 * `admin` members of `$admins`, `node` only other nodes of a cluster.
 */
export type Rank = 'user' | 'operator' | 'admin' | 'node';

/**
 * Who may do what. The default lets everyone do everything, as an insecure server does. Throw a GrpcError
 * (UNAUTHENTICATED, PERMISSION_DENIED) to refuse.
 */
export interface Access {
  /** Called once a call, before its handler; a promise delays the handler, never later messages of the call. */
  authenticate(headers: IncomingHttpHeaders, path: string): Principal | Promise<Principal>;
  /** Called by the streams service for each stream that a call names; `$all` for the whole log. */
  check(user: Principal, operation: StreamOperation, stream: string): void;
  /** Called by the other services before they do anything. */
  require(user: Principal, rank: Rank): void;
}

/** Who has not been told yet. */
export const NOBODY: Principal = { name: '', groups: [] };
const ANONYMOUS: Principal = { name: 'anonymous', groups: ['$admins'] };

/** No users, no rules: an insecure node. */
export const openAccess: Access = {
  authenticate: () => ANONYMOUS,
  check: () => undefined,
  require: () => undefined,
};
