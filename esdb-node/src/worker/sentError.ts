import { DataFolderError } from '../storage/dataFolder.js';

/** An error as it goes from thread to thread, where neither its class nor what stands beside its message would arrive. */
export interface SentError {
  readonly error: Error;
  readonly isDataFolderError: boolean;
  /** What the system says of its errors, such as `code`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

export const toSend = (thrown: unknown): SentError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    error,
    isDataFolderError: error instanceof DataFolderError,
    facts: Object.fromEntries(Object.entries(error).filter(([, value]) => isPlain(value))),
  };
};

export const received = ({ error, isDataFolderError, facts }: SentError): Error => {
  const made = isDataFolderError ? new DataFolderError(error.message, { cause: error.cause }) : error;
  if (error.stack !== undefined) made.stack = error.stack;
  return Object.assign(made, facts);
};
