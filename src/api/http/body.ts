import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import * as E from 'fp-ts/lib/Either.js';
import { type Problem, problem } from '../problems/problem.js';
import { pointerTo, validationFailed } from '../problems/validation.js';
import type { Schema } from '../schema/schema.js';
import { utf8Text } from './faults.js';
import { parseStrictJson } from './strictJson.js';

/** 256 KB: a hundred lines need a twentieth of it. */
export const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 10;

const raw = express.raw({ limit: MAX_BODY_BYTES, inflate: false, type: () => true });

/** Reads the body's bytes; an empty buffer when there is none. */
export async function readBytes(req: Request, res: Response): Promise<E.Either<Problem, Buffer>> {
  const error = await new Promise<unknown>((resolve) => raw(req, res, resolve as NextFunction));
  if (error === undefined) return E.right(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
  switch ((error as { type?: string }).type) {
    case 'entity.too.large':
      return E.left(
        // what is left of the body is not read, so the connection cannot be used again
        problem('too-large', `the body may have at most ${MAX_BODY_BYTES} bytes`, { headers: { Connection: 'close' } }),
      );
    case 'encoding.unsupported':
      return E.left(problem('unsupported-media-type', 'the body must not be compressed (Content-Encoding)'));
    case 'request.aborted':
    case 'request.size.invalid':
      return E.left(problem('malformed-json', 'the body is shorter or longer than Content-Length says'));
    default:
      throw new Error('the body cannot be read', { cause: error });
  }
}

/** Whether the request announces a body at all (RFC 9112, 6.3). */
export const announcesBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/** Refuses everything but `application/json`, in UTF-8 if a charset is named. */
export function checkJsonType(contentType: string | undefined): Problem | undefined {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (type === 'application/json' && (charset === undefined || /^"?utf-?8"?$/.test(charset))) return undefined;
  return problem(
    'unsupported-media-type',
    contentType === undefined ? 'the Content-Type is missing: send application/json' : 'send application/json in UTF-8',
    { headers: { Accept: 'application/json' } },
  );
}

/** Reads JSON strictly and decodes it by the schema: all that is wrong is reported together. */
export function decodeJson<A>(bytes: Buffer, schema: Schema<A>): E.Either<Problem, A> {
  const text = utf8Text(bytes);
  if (text === undefined) return E.left(problem('malformed-json', 'the body is not UTF-8'));
  const parsed = parseStrictJson(text, MAX_DEPTH);
  if (E.isLeft(parsed)) {
    const fault = parsed.left;
    if (fault._tag === 'TooDeeplyNested') {
      const detail = `the body is nested more than ${fault.limit} levels deep, at offset ${fault.offset}`;
      return E.left(
        problem('validation-failed', detail, { errors: [{ pointer: pointerTo([]), code: 'too-deep', detail }] }),
      );
    }
    const detail = `the body is no JSON at offset ${fault.offset}: ${fault.reason}`;
    return E.left(problem('malformed-json', detail, { extensions: { offset: fault.offset } }));
  }
  const decoded = schema.codec.decode(parsed.right);
  return E.isRight(decoded) ? decoded : E.left(validationFailed(decoded.left, parsed.right));
}
