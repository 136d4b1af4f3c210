/**
 * An event on its way to a consumer: only where it lies. Its bytes are read when it is sent, so a thousand groups that wait for
 * consumers hold no events.
 */
export interface Message {
  /** Of the event or link in the group's source; of the link in the parked stream when it is replayed. */
  readonly position: number;
  /** What to finish it by in the ledger; undefined when it is replayed: then the checkpoint has passed it already. */
  readonly entry: number | undefined;
  /** How often it was tried before. */
  readonly retries: number;
  /** What keeps it with the messages of its kind (see strategies); found out when it is first asked for. */
  bucket?: number;
}

export const isReplayed = (message: Message): boolean => message.entry === undefined;

/** The same message, for its next try. */
export const again = (message: Message): Message => ({ ...message, retries: message.retries + 1 });

/** Messages that are tried again go in the order of the log, replayed ones behind them in the order of their replay. */
export const goesBefore = (message: Message, other: Message): boolean => {
  if (isReplayed(message)) return false;
  return isReplayed(other) || message.position < other.position;
};
