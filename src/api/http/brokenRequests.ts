import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { freshCommandId } from '../../commands/identity.js';
import { type Problem, problem, problemDocument } from '../problems/problem.js';
import { PROBLEM_TYPES } from '../problems/types.js';

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/**
 * Answers what is no HTTP request, so that it never becomes one: for the server's `clientError` event. The connection
 * ends with it, since nobody knows where the next request would begin.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const refusal = problemOfBroken(error.code);
  const { status, title } = PROBLEM_TYPES[refusal.type];
  const requestId = freshCommandId();
  const document = JSON.stringify(problemDocument(refusal, { instance: '', requestId }));
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nX-Request-Id: ${requestId}\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
      `Content-Length: ${Buffer.byteLength(document)}\r\nConnection: close\r\n\r\n${document}`,
  );
}

/** For the server's `checkExpectation` event: nothing but `100-continue` can be expected (RFC 9110, 10.1.1). */
export function answerUnknownExpectation(_request: IncomingMessage, response: ServerResponse): void {
  answerOutside(response, problem('expectation-failed', 'the server knows no expectation but 100-continue'));
}

/** Answers a problem where no route is at work. The connection ends with it: a body may still be under way. */
export function answerOutside(response: ServerResponse, refusal: Problem): void {
  const requestId = freshCommandId();
  const document = JSON.stringify(problemDocument(refusal, { instance: '', requestId }));
  response
    .writeHead(PROBLEM_TYPES[refusal.type].status, {
      ...refusal.headers,
      'X-Request-Id': requestId,
      'Content-Type': PROBLEM_JSON,
      'Content-Length': Buffer.byteLength(document),
      Connection: 'close',
    })
    .end(document);
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
