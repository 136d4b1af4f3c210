/** The largest revision on the wire, 2^63 − 1: the tombstone of a stream. */
export const MAX_LONG = 0x7fffffffffffffffn;

/** Bytes that a whole number from 0 to 2^53 − 1 takes as a varint. */
export const varintSize = (value: number): number => {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  let size = 5;
  let rest = Math.floor(value / 0x800000000);
  while (rest > 0) {
    rest = Math.floor(rest / 0x80);
    size += 1;
  }
  return size;
};

/** Writes a whole number from 0 to 2^53 − 1 at `at`; returns the offset behind it. */
export const writeVarint = (target: Buffer, at: number, value: number): number => {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    target[to++] = (rest % 0x80) | 0x80;
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
  }
  target[to++] = rest;
  return to;
};

/** Reads varints and the bytes behind them from front to back. */
export class Cursor {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  /** A varint; exact up to 2^53 − 1, larger ones lose their lowest bits. Behind the end of the bytes it is NaN. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * scale;
      // not `< 0x80`: there is no byte behind the end
      if (!(byte >= 0x80)) return value;
      scale *= 0x80;
    }
  }

  /** The bytes of a length-delimited field, as a view. */
  slice(): Buffer {
    const length = this.varint();
    const from = this.at;
    this.at += length;
    return this.bytes.subarray(from, this.at);
  }

  text(): string {
    const length = this.varint();
    const from = this.at;
    this.at += length;
    return this.bytes.toString('utf8', from, this.at);
  }
}
