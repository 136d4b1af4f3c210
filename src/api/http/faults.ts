import { isUtf8 } from 'node:buffer';

/** Whether an error says of itself that a component failed, and not the program: the same request may succeed later. */
export const isSystemFault = (error: unknown): boolean =>
  error instanceof Error && 'isSystemFault' in error && error.isSystemFault === true;

/** Text of bytes that are well-formed UTF-8, else undefined. */
export const utf8Text = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString('utf8') : undefined);
