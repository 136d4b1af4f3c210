import type { MessageData, MessageType } from '../../consumers/contracts/index.js';

/** A fact for other services, before it gets its envelope. */
export type Message = {
  readonly [Type in MessageType]: {
    readonly type: Type;
    /** The id of the thing that the fact is about. */
    readonly subject: string;
    readonly data: MessageData<Type>;
    /** Where it is not the event's, since the event has another message: the same every time. */
    readonly id?: string;
  };
}[MessageType];

/** The events of those types. */
export type Of<Event, Type> = Extract<Event, { type: Type }>;
