import type { IncomingHttpHeaders } from 'node:http2';
import { LRUCache } from 'lru-cache';
import type { EventLog } from '../log/eventLog.js';
import type { Acl } from '../log/metadata.js';
import type { Access, Principal, Rank, StreamOperation } from '../services/access.js';
import { accessDenied } from '../streams/errors.js';
import { GrpcError, HttpRefusal, Status } from '../transport/status.js';
import { parseCredentials } from './credentials.js';
import { Defaults } from './defaultRules.js';
import type { HashedPassword } from './passwords.js';
import { hashPassword, isPassword } from './passwords.js';
import type { UserStore } from './userStore.js';

const ADMINS = '$admins';
const OPERATORS = '$ops';
/** As a role: everybody who is known. */
const EVERYBODY = '$all';
/** Credentials that were right and need no hashing again. */
const REMEMBERED = 1_000;
/** Who tells no credentials. */
const ANONYMOUS: Principal = { name: '', groups: [] };

const FIELD: Readonly<Record<StreamOperation, keyof Acl>> = {
  read: '$r',
  write: '$w',
  delete: '$d',
  metadataRead: '$mr',
  metadataWrite: '$mw',
};

interface Known {
  /** Of the user when the credentials were right: after any change they are looked at anew. */
  readonly revision: number;
  readonly principal: Principal;
}

const unauthenticated = (): GrpcError => new GrpcError(Status.UNAUTHENTICATED, 'Unauthenticated');

/** The access control of a node with users: Basic credentials, access control lists, ranks. */
export class SecuredAccess implements Access {
  private readonly known = new LRUCache<string, Known>({ max: REMEMBERED });
  /** The same credentials on many calls at once are hashed once. */
  private readonly asked = new Map<string, Promise<Principal>>();
  private readonly defaults: Defaults;
  private decoy: Promise<HashedPassword> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly users: UserStore,
  ) {
    this.defaults = new Defaults(log);
  }

  authenticate(headers: IncomingHttpHeaders): Principal | Promise<Principal> {
    const header = headers.authorization;
    const credentials = parseCredentials(header);
    if (credentials.kind === 'broken') throw new HttpRefusal(500);
    if (header === undefined || credentials.kind === 'none') return ANONYMOUS;
    const known = this.known.get(header);
    if (known && this.users.revisionOf(credentials.name) === known.revision) return known.principal;
    return this.asked.get(header) ?? this.ask(header, credentials.name, credentials.password);
  }

  check(user: Principal, operation: StreamOperation, stream: string): void {
    if (user.name === '') throw accessDenied();
    // nobody writes to the log as a whole
    if (stream === '$all' && operation === 'write') throw accessDenied();
    if (user.groups.includes(ADMINS)) return;
    const field = FIELD[operation];
    const { user: forUsers, system } = this.defaults.get();
    const fallback = stream.startsWith('$') ? system : forUsers;
    const roles = this.log.reader.metadataOf(stream).acl?.[field] ?? fallback[field] ?? [];
    if (!roles.some((role) => role === EVERYBODY || role === user.name || user.groups.includes(role))) {
      throw accessDenied();
    }
  }

  require(user: Principal, rank: Rank): void {
    if (!hasRank(user, rank)) throw accessDenied();
  }

  private ask(header: string, name: string, password: string): Promise<Principal> {
    const asked = this.verify(header, name, password).finally(() => this.asked.delete(header));
    this.asked.set(header, asked);
    return asked;
  }

  private async verify(header: string, name: string, password: string): Promise<Principal> {
    const user = this.users.find(name);
    // the time that an answer takes does not tell whether there is such a user
    const right = await isPassword(password, user ?? (await this.nobodysPassword()));
    if (!user || !right || user.disabled) throw unauthenticated();
    const principal: Principal = { name: user.loginName, groups: user.groups };
    this.known.set(header, { revision: user.revision, principal });
    return principal;
  }

  private nobodysPassword(): Promise<HashedPassword> {
    return (this.decoy ??= hashPassword(''));
  }
}

const hasRank = ({ name, groups }: Principal, rank: Rank): boolean => {
  switch (rank) {
    case 'user':
      return name !== '';
    case 'operator':
      return groups.includes(ADMINS) || groups.includes(OPERATORS);
    case 'admin':
      return groups.includes(ADMINS);
    case 'node':
      return false;
  }
};
