import type { Request } from 'express';
import * as E from 'fp-ts/lib/Either.js';
import { type Problem, problem } from '../problems/problem.js';
import { pointerTo, validationFailed } from '../problems/validation.js';
import type { Schema } from '../schema/schema.js';
import { utf8Text } from './faults.js';
import { parseStrictJson } from './strictJson.js';

/** 256 KB: a hundred lines need a twentieth of it. */
const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 10;

/** How long a client may go on sending a body that was refused: then the connection is cut. */
const DRAIN_MS = 5_000;

/**
 * Reads the body's bytes; an empty buffer when there is none. A body that is too large is refused at once, and what is
 * still under way is thrown away for a moment: a client that is cut off while it sends never reads why.
 */
export async function readBytes(req: Request): Promise<E.Either<Problem, Buffer>> {
  if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    drain(req);
    return E.left(problem('unsupported-media-type', 'the body must not be compressed (Content-Encoding)'));
  }
  if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge(req);
  const chunks: Buffer[] = [];
  let size = 0;
  const outcome = await new Promise<'complete' | 'broken' | 'too large'>((resolve) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) resolve('too large');
      else chunks.push(chunk);
    });
    req.once('end', () => resolve('complete'));
    // the connection died: nobody reads the answer, but somebody has to stop waiting
    req.once('error', () => resolve('broken'));
    req.once('close', () => resolve('broken'));
  });
  if (outcome === 'too large') return tooLarge(req);
  if (outcome === 'broken') return E.left(problem('malformed-json', 'the body broke off'));
  return E.right(Buffer.concat(chunks, size));
}

function tooLarge(req: Request): E.Either<Problem, never> {
  drain(req);
  return E.left(problem('too-large', `the body may have at most ${MAX_BODY_BYTES} bytes`));
}

function drain(req: Request): void {
  req.removeAllListeners('data').resume();
  const cut = setTimeout(() => req.destroy(), DRAIN_MS).unref();
  req.once('end', () => clearTimeout(cut)).once('close', () => clearTimeout(cut));
}

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
