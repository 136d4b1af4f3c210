import { hashPassword } from './passwords.js';
import type { UserStore } from './userStore.js';

/** What the first users' passwords are until somebody changes them. */
const PASSWORD = 'changeit';
const FIRST = [
  { loginName: 'admin', fullName: 'Event Store Administrator', groups: ['$admins'] },
  { loginName: 'ops', fullName: 'Event Store Operations', groups: ['$ops'] },
] as const;

/** Makes the users that every node has, unless the log has some already: who was deleted does not come back. */
export const makeFirstUsers = async (users: UserStore): Promise<void> => {
  if (users.haveBeen()) return;
  const made = await Promise.all(FIRST.map(async (user) => ({ ...user, ...(await hashPassword(PASSWORD)) })));
  await Promise.all(made.map((user) => users.create({ ...user, disabled: false })));
};
