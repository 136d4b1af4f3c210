import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { DomainEventShape } from './envelope.js';

/** Why a stored event could not be read. A typed result: it parks a stream, it never crashes a process. */
export type EventDecodeError =
  | { readonly _tag: 'UnknownEventType'; readonly type: string }
  | { readonly _tag: 'UnknownEventVersion'; readonly type: string; readonly v: number }
  | {
      readonly _tag: 'InvalidEventData';
      readonly type: string;
      readonly v: number;
      readonly problems: readonly string[];
    };

/** How one event type is read: its current version, its data, and the pure steps from each older version to the next. */
export interface EventDefinition<Data = unknown> {
  readonly v: number;
  /** Stored data is plain JSON: there is nothing to encode, and what fits is taken as it is. */
  readonly data: t.Decoder<unknown, Data> & { readonly is: (value: unknown) => boolean };
  /** `upcasters[n]` turns data of version n into data of version n + 1. */
  readonly upcasters?: Readonly<Record<number, (data: unknown) => unknown>>;
}

export interface EncodedEvent {
  readonly type: string;
  readonly v: number;
  readonly data: unknown;
}

/** Reads and writes the events of one aggregate: decode, upcast, domain. */
export interface EventCodec<Event extends DomainEventShape> {
  readonly types: readonly Event['type'][];
  readonly encode: (event: Event) => EncodedEvent;
  readonly decode: (stored: EncodedEvent) => E.Either<EventDecodeError, Event>;
}

type Definitions = Readonly<Record<string, EventDefinition>>;
/** The union of events that a table of definitions describes. */
export type EventOf<Table extends Definitions> = {
  [Type in keyof Table & string]: {
    readonly type: Type;
    readonly data: Table[Type] extends EventDefinition<infer Data> ? Data : never;
  };
}[keyof Table & string];

/** Makes the codec of a table of event definitions, keyed by event type. */
export function eventCodec<Table extends Definitions>(table: Table): EventCodec<EventOf<Table>> {
  const definitions = new Map<string, EventDefinition>(Object.entries(table));
  return {
    types: [...definitions.keys()] as EventOf<Table>['type'][],
    encode: (event) => {
      const definition = definitions.get(event.type);
      if (!definition) throw new Error(`no definition of event type ${event.type}`);
      return { type: event.type, v: definition.v, data: event.data };
    },
    decode: ({ type, v, data }) => {
      const definition = definitions.get(type);
      if (!definition) return E.left({ _tag: 'UnknownEventType', type });
      const upcast = upcastTo(definition, v, data);
      if (!upcast) return E.left({ _tag: 'UnknownEventVersion', type, v });
      // `decode` keeps the way to every value for the sake of its errors, which costs twice as much as asking
      if (definition.data.is(upcast.data)) return E.right({ type, data: upcast.data } as EventOf<Table>);
      const decoded = definition.data.decode(upcast.data);
      return E.isRight(decoded)
        ? E.right({ type, data: decoded.right } as EventOf<Table>)
        : E.left({ _tag: 'InvalidEventData', type, v, problems: PathReporter.report(decoded) });
    },
  };
}

function upcastTo(definition: EventDefinition, from: number, data: unknown): { data: unknown } | undefined {
  let current = data;
  for (let v = from; v < definition.v; v++) {
    const step = definition.upcasters?.[v];
    if (!step) return undefined;
    current = step(current);
  }
  return from <= definition.v && from >= 1 ? { data: current } : undefined;
}
