import { hashPassword, isPassword } from '../access/passwords.js';
import type { NewUser, User, UserStore } from '../access/userStore.js';
import type { Codec } from '../protocol/schema.js';
import { EMPTY, wide } from '../protocol/shared.js';
import { changePasswordReq, detailsResp, nameReq, personReq, resetPasswordReq } from '../protocol/users.js';
import { accessDenied } from '../streams/errors.js';
import { forever } from '../streams/wait.js';
import type { ServerCall } from '../transport/call.js';
import { serverStream, unary } from '../transport/handlers.js';
import type { Handler, Registry } from '../transport/registry.js';
import { GrpcError, Status, handlerFault } from '../transport/status.js';
import type { Access, Rank } from './access.js';

const SERVICE = 'event_store.client.users.Users';
/** 100 ns in a millisecond. */
const TICKS = 10_000n;

const notFound = (name: string): GrpcError =>
  new GrpcError(Status.NOT_FOUND, `User '${name}' is not found.`, {
    exception: 'user-not-found',
    'login-name': name,
  });
const conflict = (name: string): GrpcError =>
  new GrpcError(Status.FAILED_PRECONDITION, 'Conflict.', { exception: 'user-conflict', 'login-name': name });

const detailsOf = ({ loginName, fullName, groups, disabled, updated }: User): Uint8Array =>
  detailsResp.encode({
    userDetails: {
      loginName,
      fullName,
      groups,
      lastUpdated: { ticksSinceEpoch: wide(BigInt(updated) * TICKS) },
      disabled,
    },
  });

/** Users: made and changed by `$admins`, seen by every user, passwords changed by whoever knows the present one. */
export const registerUsers = (registry: Registry, access: Access, users: UserStore): void => {
  const service = new Users(users);
  const change = <Options>(
    rank: Rank,
    codec: Codec<{ readonly options?: Options }>,
    run: (options: Options) => Promise<void>,
  ): Handler =>
    unary(async (request, { user }) => {
      access.require(user, rank);
      const { options } = codec.decode(request);
      if (!options) throw handlerFault();
      await service.inTurn(() => run(options));
      return EMPTY;
    });
  registry.add(SERVICE, {
    Create: change('admin', personReq, (user) => service.create(user)),
    Update: change('admin', personReq, ({ loginName, fullName, groups }) =>
      service.update(loginName, { fullName, groups: [...groups] }),
    ),
    Disable: change('admin', nameReq, ({ loginName }) => service.update(loginName, { disabled: true })),
    Enable: change('admin', nameReq, ({ loginName }) => service.update(loginName, { disabled: false })),
    Delete: change('admin', nameReq, ({ loginName }) => service.delete(loginName)),
    ResetPassword: change('admin', resetPasswordReq, ({ loginName, newPassword }) =>
      service.reset(loginName, newPassword),
    ),
    ChangePassword: change('user', changePasswordReq, ({ loginName, currentPassword, newPassword }) =>
      service.change(loginName, currentPassword, newPassword),
    ),
    Details: serverStream(async (request, call) => {
      access.require(call.user, 'user');
      const name = nameReq.decode(request).options?.loginName ?? '';
      for (const user of name === '' ? users.all() : [service.find(name)]) call.send(detailsOf(user));
      await call.drained();
    }),
  });
};

/** A node without users never answers when it is asked for them, as a real server has it: the caller's deadline ends the call. */
export const registerNoUsers = (registry: Registry): void => {
  const silent = async (call: ServerCall): Promise<void> => forever(call.signal);
  const change = serverStream(async (request, call) => {
    if (!nameReq.decode(request).options) throw handlerFault();
    await silent(call);
  });
  const methods = ['Create', 'Update', 'Disable', 'Enable', 'Delete', 'ResetPassword', 'ChangePassword'];
  registry.add(SERVICE, {
    ...Object.fromEntries(methods.map((name) => [name, change])),
    Details: serverStream((_request, call) => silent(call)),
  });
};

class Users {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly users: UserStore) {}

  /** One change after the other: each looks at what the one before left. */
  inTurn(run: () => Promise<void>): Promise<void> {
    const result = this.last.then(run);
    this.last = result.catch(() => undefined);
    return result;
  }

  find(name: string): User {
    const user = this.users.find(name);
    if (!user) throw notFound(name);
    return user;
  }

  /** The same user once more, by name and password, is no conflict. */
  async create(asked: Pick<User, 'loginName' | 'fullName' | 'groups'> & { readonly password: string }): Promise<void> {
    const { loginName, fullName, password, groups } = asked;
    const known = this.users.find(loginName);
    if (!known) {
      const hashed = await hashPassword(password);
      return this.users.create({ loginName, fullName, groups: [...groups], disabled: false, ...hashed });
    }
    if (!(await isPassword(password, known))) throw conflict(loginName);
  }

  async update(name: string, change: Partial<NewUser>): Promise<void> {
    await this.users.update({ ...this.find(name), ...change });
  }

  async delete(name: string): Promise<void> {
    await this.users.delete(this.find(name).loginName);
  }

  async reset(name: string, password: string): Promise<void> {
    const user = this.find(name);
    await this.users.update({ ...user, ...(await hashPassword(password)) });
  }

  async change(name: string, current: string, password: string): Promise<void> {
    if (!(await isPassword(current, this.find(name)))) throw accessDenied();
    await this.reset(name, password);
  }
}
