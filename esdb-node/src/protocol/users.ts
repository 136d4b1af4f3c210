import { root } from './root.js';
import { codecOf, define } from './schema.js';
import './shared.js';

const PERSON = { loginName: '1 string', password: '2 string', fullName: '3 string', groups: '4 repeated string' };
const NAMED = { loginName: '1 string' };

define(root, 'event_store.client.users', {
  CreateReq: { options: '1 CreateReq.Options' },
  'CreateReq.Options': PERSON,
  NameReq: { options: '1 NameReq.Options' },
  'NameReq.Options': NAMED,
  ChangePasswordReq: { options: '1 ChangePasswordReq.Options' },
  'ChangePasswordReq.Options': { loginName: '1 string', currentPassword: '2 string', newPassword: '3 string' },
  ResetPasswordReq: { options: '1 ResetPasswordReq.Options' },
  'ResetPasswordReq.Options': { loginName: '1 string', newPassword: '2 string' },
  DetailsResp: { userDetails: '1 DetailsResp.UserDetails' },
  'DetailsResp.UserDetails': {
    loginName: '1 string',
    fullName: '2 string',
    groups: '3 repeated string',
    lastUpdated: '4 DetailsResp.UserDetails.DateTime',
    disabled: '5 bool',
  },
  'DetailsResp.UserDetails.DateTime': { ticksSinceEpoch: '1 int64' },
});

/** A request whose whole meaning lies in its options. */
interface With<Options> {
  readonly options?: Options;
}
export interface PersonOptions {
  readonly loginName: string;
  readonly password: string;
  readonly fullName: string;
  readonly groups: readonly string[];
}
export interface NameOptions {
  readonly loginName: string;
}
export interface PasswordOptions {
  readonly loginName: string;
  readonly newPassword: string;
}

const IN = 'event_store.client.users';
export const personReq = codecOf<With<PersonOptions>>(root, `${IN}.CreateReq`);
/** Delete, enable, disable and details ask with the same message. */
export const nameReq = codecOf<With<NameOptions>>(root, `${IN}.NameReq`);
export const changePasswordReq = codecOf<With<PasswordOptions & { readonly currentPassword: string }>>(
  root,
  `${IN}.ChangePasswordReq`,
);
export const resetPasswordReq = codecOf<With<PasswordOptions>>(root, `${IN}.ResetPasswordReq`);
export const detailsResp = codecOf<object>(root, `${IN}.DetailsResp`);
