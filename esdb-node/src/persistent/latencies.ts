/** Only the latest answers count. */
const KEPT = 1_000;

const QUANTILES: readonly (readonly [name: string, part: number])[] = [
  ['Fastest', 0],
  ['Quintile 1', 0.2],
  ['Quintile 2', 0.4],
  ['Quintile 3', 0.6],
  ['Quintile 4', 0.8],
  ['Quintile 5', 1],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.5%', 0.995],
  ['99.9%', 0.999],
  ['Highest', 1],
];

export interface Measurement {
  readonly key: string;
  /** Milliseconds. */
  readonly value: number;
}

/** How long a consumer takes for its messages. */
export class Latencies {
  private readonly kept: number[] = [];
  private at = 0;

  /** @param ms from sending to the answer */
  add(ms: number): void {
    this.kept[this.at] = ms;
    this.at = (this.at + 1) % KEPT;
  }

  /** Nothing before the first answer. */
  measurements(): Measurement[] {
    if (this.kept.length === 0) return [];
    const sorted = [...this.kept].sort((a, b) => a - b);
    const at = (part: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;
    const mean = sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
    return [
      { key: 'Mean', value: Math.round(mean) },
      { key: 'Median', value: at(0.5) },
      ...QUANTILES.map(([key, part]) => ({ key, value: at(part) })),
    ];
  }
}
