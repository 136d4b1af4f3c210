import { randomBytes } from 'node:crypto';

/** Numbers that are the same again for the same seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The same bytes with some of them changed, left out or put in. */
  damage(bytes: Buffer): Buffer {
    let out = Buffer.from(bytes);
    for (let times = 1 + this.below(4); times > 0; times -= 1) {
      const at = this.below(out.length + 1);
      const kind = this.below(4);
      if (kind === 0) out = Buffer.concat([out.subarray(0, at), this.bytes(1 + this.below(8)), out.subarray(at)]);
      else if (kind === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + this.below(8))]);
      else if (kind === 2) out = out.subarray(0, at);
      else if (at < out.length) out[at] = this.below(256);
    }
    return out;
  }
}

/** The seed of this run; ESDB_SEED asks for an earlier one again. */
export const seed = Number(process.env['ESDB_SEED'] ?? randomBytes(4).readUInt32BE());
