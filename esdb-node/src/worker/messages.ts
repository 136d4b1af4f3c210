import type { Failure } from '../disturb/failure.js';
import type { SentError } from './sentError.js';

/** What a worker tells the thread that started it. */
export type FromWorker =
  | { readonly kind: 'started'; readonly connectionString: string; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'stopped' }
  /** A caller told the node to stop, and it has. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'fault'; readonly error: SentError }
  /** A disturbance that was asked for is in force. */
  | { readonly kind: 'disturbed'; readonly id: number }
  /** It makes no sense, and nothing came of it. */
  | { readonly kind: 'refused'; readonly id: number; readonly error: SentError }
  /** A failure that was planned has struck. */
  | { readonly kind: 'happened'; readonly id: number };

/** What the starting thread asks of the worker; `id` tells questions apart. */
export type ToWorker =
  | { readonly kind: 'stop' }
  | { readonly kind: 'pause' | 'resume' | 'cut'; readonly id: number }
  | { readonly kind: 'failNext'; readonly id: number; readonly failure: Failure }
  /** Takes back the failure that was planned by question `plan`. */
  | { readonly kind: 'cancel'; readonly id: number; readonly plan: number };
