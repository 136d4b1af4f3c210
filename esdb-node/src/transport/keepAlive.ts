import type { ServerHttp2Session } from 'node:http2';

/** Questions in a row that may stay without an answer; after the first one it may be the node itself that was held up. */
const PATIENCE = 2;

/**
 * Gives up a connection whose other side is gone without a word: it is asked again and again, and closed when it has answered
 * none of several questions. Node itself does not notice a peer that leaves after breaking the protocol.
 * @param interval milliseconds between two questions
 */
export const keepAlive = (session: ServerHttp2Session, interval: number): void => {
  let unanswered = 0;
  const ask = (): void => {
    if (session.destroyed) return;
    if (unanswered === PATIENCE) return session.destroy();
    unanswered += 1;
    session.ping(() => {
      unanswered = 0;
    });
  };
  const timer = setInterval(ask, interval).unref();
  session.on('close', () => clearInterval(timer));
};
