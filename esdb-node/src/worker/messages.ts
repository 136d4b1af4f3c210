/** What a worker tells the thread that started it. */
export type FromWorker =
  | { readonly kind: 'started'; readonly connectionString: string; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'stopped' }
  /** A caller told the node to stop, and it has. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'fault'; readonly error: Error };

/** What the starting thread asks of the worker. */
export type ToWorker = 'stop';
