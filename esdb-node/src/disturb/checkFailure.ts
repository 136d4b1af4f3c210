import { Status } from '../transport/status.js';
import type { Failure } from './failure.js';

const CALLS = ['append', 'delete', 'tombstone', 'read', 'subscribe'];
/** The longest time that a timer of Node takes, milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** A failure as somebody without types may plan it. */
type Loose = Readonly<Partial<Record<'call' | 'stream' | 'times' | 'status' | 'loseAnswer' | 'delay', unknown>>>;

/**
 * A failure that never strikes would leave a test waiting, or make it pass for nothing: it is refused at once.
 * @param isMethod whether the node has a method, such as `Gossip/Read`
 * @throws TypeError that says what makes no sense
 */
export const checkFailure = (failure: Failure, isMethod: (method: string) => boolean): void => {
  const { call, stream, times = 1, ...mishap }: Loose = failure ?? {};
  const refuse = (why: string): never => {
    throw new TypeError(`no call can fail so: ${why}`);
  };
  const isMethodCall = typeof call === 'string' && call.includes('/');
  if (isMethodCall ? !isMethod(call) : !CALLS.includes(call as string)) {
    refuse(`call is one of ${CALLS.join(', ')}, or a method such as Gossip/Read, not ${JSON.stringify(call)}`);
  }
  if (stream !== undefined && typeof stream !== 'string') refuse('stream is the name of a stream');
  if (stream !== undefined && isMethodCall) refuse('a method fails for every stream alike');
  if (!Number.isInteger(times) || (times as number) < 1) refuse('times is a number from 1');
  const { status, loseAnswer, delay } = mishap;
  if ([status, loseAnswer, delay].filter((given) => given !== undefined).length !== 1) {
    refuse('it has one of status, loseAnswer and delay');
  }
  if (status !== undefined && (status === 'OK' || !Object.keys(Status).includes(status as string))) {
    refuse(`${JSON.stringify(status)} is no status to fail with`);
  }
  if (loseAnswer !== undefined && loseAnswer !== true) refuse('loseAnswer is true');
  if (delay !== undefined && !(typeof delay === 'number' && delay >= 0 && delay <= LONGEST)) {
    refuse('delay is a number of milliseconds');
  }
};
