import { gunzipSync, inflateSync } from 'node:zlib';
import { GrpcError, Status } from './status.js';

const DECODERS = { gzip: gunzipSync, deflate: inflateSync } as const;
const SUPPORTED = 'identity, gzip, deflate';

const isKnown = (encoding: string | undefined): encoding is keyof typeof DECODERS =>
  encoding !== undefined && Object.hasOwn(DECODERS, encoding);

/** Throws GrpcError on a compressed message whose call named no encoding, or one that nobody knows here. */
export const requireEncoding = (encoding: string | undefined): void => {
  if (encoding === undefined || encoding === 'identity') {
    throw new GrpcError(Status.INTERNAL, 'Request did not include grpc-encoding value with compressed message.');
  }
  if (isKnown(encoding)) return;
  const details = `Unsupported grpc-encoding value '${encoding}'. Supported encodings: ${SUPPORTED}`;
  throw new GrpcError(Status.UNIMPLEMENTED, details, { 'grpc-accept-encoding': SUPPORTED.replaceAll(' ', '') });
};

/** A message as it was before its compression; throws GrpcError on broken bytes and on more than `limit` bytes. */
export const decompress = (message: Buffer, encoding: string | undefined, limit: number): Buffer => {
  requireEncoding(encoding);
  try {
    return DECODERS[encoding as keyof typeof DECODERS](message, { maxOutputLength: limit });
  } catch {
    throw new GrpcError(Status.INTERNAL, 'A compressed message could not be read.');
  }
};
