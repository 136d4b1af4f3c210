import type { Duplex } from 'node:stream';
import { freshCommandId } from '../../commands/identity.js';
import { type Problem, problem, problemDocument } from '../problems/problem.js';
import { PROBLEM_TYPES } from '../problems/types.js';

/**
 * Answers what is no HTTP request, so that it never becomes one: for the server's `clientError` event. The connection
 * ends with it, since nobody knows where the next request would begin.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const refusal = problemOfBroken(error.code);
  const { status, title } = PROBLEM_TYPES[refusal.type];
  const document = JSON.stringify(problemDocument(refusal, { instance: '', requestId: freshCommandId() }));
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(document)}\r\nConnection: close\r\n\r\n${document}`,
  );
}

function problemOfBroken(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problem('headers-too-large', 'request line and headers may have 16 KB together');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request-timeout', 'send the whole request without such long pauses');
    default:
      return problem('malformed-request', 'the request line or a header cannot be read');
  }
}
