/** What a worker tells the thread that started it. */
export type FromWorker =
  | { readonly kind: 'started'; readonly connectionString: string; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'stopped' };

/** What the starting thread asks of the worker. */
export type ToWorker = 'stop';
