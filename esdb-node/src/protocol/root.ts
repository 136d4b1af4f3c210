import protobuf from 'protobufjs';

/** All packages of the protocol; each schema file adds its own (see schema.ts). */
export const root = new protobuf.Root();
