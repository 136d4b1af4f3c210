/** What a load generator sends. */
export type Traffic =
  /** Orders of so many lines over the first `skus` articles, each under a key of its own; `prefer` as a header. */
  | {
      readonly kind: 'place';
      readonly lines: number;
      readonly skus: number;
      readonly prefer?: string;
      readonly keys?: 'one';
    }
  /** GETs of these paths in turn. */
  | { readonly kind: 'get'; readonly paths: readonly string[] };

/** A job for the load generator. */
export interface LoadJob {
  /** Of several, the connections are spread over them. */
  readonly url: string | readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly traffic: Traffic;
  /** Requests a second over all connections; absent: as many as there are answers. */
  readonly rate?: number;
}

export interface LoadResult {
  /** Good answers a second. */
  readonly perSecond: number;
  readonly answers: number;
  /** Latency in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export const skuOf = (number: number): string => `article-${number}`;

/** Bodies of orders: at most ten thousand, articles spread evenly, the same in every run. */
export function orderBodies(lines: number, skus: number): readonly string[] {
  const variants = Math.min(skus, 10_000);
  return Array.from({ length: variants }, (_, variant) =>
    JSON.stringify({
      locationId: 'main',
      mode: 'pickup',
      lines: Array.from({ length: lines }, (_, line) => ({
        // a prime stride: neighbours in time share no article
        sku: skuOf((variant * 7_919 + line * 104_729) % skus),
        quantity: 1,
      })),
    }),
  );
}
