import protobuf from 'protobufjs';
import { handlerFault } from '../transport/status.js';

/**
 * Messages written down as data: `{ 'ReadReq.Options': { count: '5 uint64', '?of': { a: '1 X', b: '2 Y' } } }`.
 * A field is its number and type, after `repeated` or `map` where it is one; a key that begins with `?` names a oneof. Types are
 * looked up from the message outwards. Field numbers and names are facts of the protocol.
 */
export type Fields = { readonly [field: string]: string | Fields };
export type Messages = { readonly [message: string]: Fields };

const field = (name: string, text: string): protobuf.Field | protobuf.MapField => {
  const words = text.split(' ');
  const number = Number(words[0]);
  if (words[1] === 'map') return new protobuf.MapField(name, number, 'string', words[2] as string);
  if (words[1] === 'repeated') return new protobuf.Field(name, number, words[2] as string, 'repeated');
  return new protobuf.Field(name, number, words[1] as string);
};

const fill = (type: protobuf.Type, fields: Fields): void => {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') type.add(field(name, value));
    else {
      const members = Object.keys(value);
      fill(type, value);
      type.add(new protobuf.OneOf(name.slice(1), members));
    }
  }
};

/** Adds messages to a package of `root`. A dotted name lies within the message before the dot, which must come first. */
export const define = (root: protobuf.Root, packageName: string, messages: Messages): void => {
  const home = root.define(packageName);
  for (const [name, fields] of Object.entries(messages)) {
    const dot = name.lastIndexOf('.');
    const parent = dot < 0 ? home : home.lookupType(name.slice(0, dot));
    const type = new protobuf.Type(name.slice(dot + 1));
    fill(type, fields);
    parent.add(type);
  }
};

/** Reads and writes one kind of message. Decoding throws a GrpcError on bytes that are no such message. */
export interface Codec<T> {
  decode(bytes: Uint8Array): T;
  encode(message: Partial<T> | object): Uint8Array;
}

/** The codec of a message; `T` says what its fields are (64-bit numbers arrive as Long, absent ones as defaults). */
export const codecOf = <T>(root: protobuf.Root, name: string): Codec<T> => {
  const type = root.lookupType(name);
  return {
    decode: (bytes) => {
      try {
        return type.decode(bytes) as unknown as T;
      } catch {
        throw handlerFault();
      }
    },
    encode: (message) => type.encode(message).finish(),
  };
};
