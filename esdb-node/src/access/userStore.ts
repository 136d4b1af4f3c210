import { randomUUID } from 'node:crypto';
import type { EventLog } from '../log/eventLog.js';
import type { ProposedEvent } from '../log/expected.js';
import { ANY } from '../log/expected.js';
import { metastreamOf } from '../log/metadata.js';
import { BINARY_TYPE, JSON_TYPE, decodeRecorded } from '../protocol/recorded.js';
import type { StreamEntry } from '../storage/storage.js';
import type { HashedPassword } from './passwords.js';

/** A user as the node keeps it. */
export interface User extends HashedPassword {
  readonly loginName: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** Milliseconds since 1970. */
  readonly updated: number;
  /** Which event of the user's stream says so: another one means another user, or another password. */
  readonly revision: number;
}
export type NewUser = Omit<User, 'updated' | 'revision'>;

/** The names of all users there ever were, one event each. */
const NAMES = '$users';
const PAGE = 256;
const EMPTY = Buffer.alloc(0);
const streamOf = (name: string): string => `$user-${name}`;

const eventOf = (type: string, contentType: string, data: string): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType,
  data: Buffer.from(data),
  customMetadata: EMPTY,
});

const userEvent = (type: string, { loginName, fullName, salt, hash, disabled, groups }: NewUser): ProposedEvent =>
  eventOf(type, JSON_TYPE, JSON.stringify({ loginName, fullName, salt, hash, ...(disabled && { disabled }), groups }));

/** Users, as a real server keeps them: a stream `$user-NAME` each, and their names in `$users`. */
export class UserStore {
  constructor(private readonly log: EventLog) {}

  /** Which event says what the user is now; undefined without such a user. Cheaper than the user. */
  revisionOf(name: string): number | undefined {
    const view = this.log.reader.view(streamOf(name));
    return view.kind === 'there' ? view.lastRevision : undefined;
  }

  find(name: string): User | undefined {
    const { reader } = this.log;
    const view = reader.view(streamOf(name));
    if (view.kind !== 'there') return undefined;
    const [last] = reader.page(view, view.lastRevision, 1, 'backwards');
    return last && parse(last);
  }

  /** Whether any user was ever made in this log. */
  haveBeen(): boolean {
    return this.log.reader.head(NAMES).lastRevision >= 0;
  }

  /** All users, by name. */
  all(): User[] {
    const names = [...new Set(this.names())].sort();
    return names.map((name) => this.find(name)).filter((user) => user !== undefined);
  }

  async create(user: NewUser): Promise<void> {
    const stream = streamOf(user.loginName);
    const before = this.log.reader.head(stream).lastRevision;
    const rights = { $acl: { $w: '$admins', $d: '$admins', $mw: '$admins' } };
    // a user of the same name who was deleted stays hidden
    const metadata = JSON.stringify(before < 0 ? rights : { ...rights, $tb: before + 1 });
    // in one turn, so that they become durable together
    await Promise.all([
      this.log.append(stream, ANY, [userEvent('$UserCreated', user)]),
      this.log.append(metastreamOf(stream), ANY, [eventOf('$metadata', JSON_TYPE, metadata)]),
      this.log.append(NAMES, ANY, [eventOf('$User', BINARY_TYPE, user.loginName)]),
    ]);
  }

  async update(user: NewUser): Promise<void> {
    await this.log.append(streamOf(user.loginName), ANY, [userEvent('$UserUpdated', user)]);
  }

  async delete(name: string): Promise<void> {
    await this.log.softDelete(streamOf(name), ANY);
  }

  private *names(): Generator<string> {
    const { reader } = this.log;
    const view = reader.view(NAMES);
    if (view.kind !== 'there') return;
    for (let from = view.firstRevision; from <= view.lastRevision;) {
      const page = reader.page(view, from, PAGE, 'forwards');
      for (const entry of page) yield Buffer.from(decodeRecorded(entry.bytes).data).toString('utf8');
      from = (page.at(-1)?.revision ?? view.lastRevision) + 1;
    }
  }
}

const parse = ({ bytes, revision }: StreamEntry): User | undefined => {
  const { data, created } = decodeRecorded(bytes);
  try {
    const fields = JSON.parse(Buffer.from(data).toString('utf8')) as Partial<User>;
    const { loginName, fullName = '', salt, hash, groups = [], disabled = false } = fields;
    if (typeof loginName !== 'string' || typeof salt !== 'string' || typeof hash !== 'string') return undefined;
    return { loginName, fullName, salt, hash, groups, disabled, updated: created, revision };
  } catch {
    // what somebody else wrote there is no user
    return undefined;
  }
};
