/** What a worker tells the thread that started it. */
export type FromWorker =
  | { readonly kind: 'started'; readonly connectionString: string; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'fault'; readonly error: Error };

/** What the starting thread asks of the worker. */
export type ToWorker = 'stop';
