import { createServer, type RequestListener, type Server } from 'node:http';
import { answerBrokenRequest, answerUnknownExpectation } from './brokenRequests.js';

/** The largest body takes this long at 9 KB a second. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A server for the API: whatever never becomes a request for a route is answered with a problem document, too. */
export const createHttpServer = (listener: RequestListener): Server =>
  // without a Host Node itself would refuse, and with no body: `demandOneHost` does it in the API
  createServer({ requireHostHeader: false, requestTimeout: REQUEST_TIMEOUT_MS }, listener)
    .on('clientError', answerBrokenRequest)
    .on('checkExpectation', answerUnknownExpectation);
