import { isMetastream, originalOf } from '../log/metadata.js';
import type { Access, Principal } from '../services/access.js';

/** Throws when the user may not write to the stream; writing to `$$s` is writing the metadata of `s`. */
export const checkWrite = (access: Access, user: Principal, stream: string): void =>
  isMetastream(stream) ? access.check(user, 'metadataWrite', originalOf(stream)) : access.check(user, 'write', stream);

/** Throws when the user may not read the stream; reading `$$s` is reading the metadata of `s`. */
export const checkRead = (access: Access, user: Principal, stream: string): void =>
  isMetastream(stream) ? access.check(user, 'metadataRead', originalOf(stream)) : access.check(user, 'read', stream);
