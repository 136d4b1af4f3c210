import { decompress, requireEncoding } from './compression.js';
import { GrpcError, Status } from './status.js';

/** Bytes before each gRPC message: a flag (compressed or not) and the length. */
export const FRAME_HEADER = 5;

/** A message behind its frame header. */
export const frame = (message: Uint8Array): Buffer => {
  const out = Buffer.allocUnsafe(FRAME_HEADER + message.length);
  writeFrameHeader(out, 0, message.length);
  out.set(message, FRAME_HEADER);
  return out;
};

/** Writes the frame header of a message of `length` bytes at `at`; the message follows at the returned offset. */
export const writeFrameHeader = (target: Buffer, at: number, length: number): number => {
  target[at] = 0;
  target.writeUInt32BE(length, at + 1);
  return at + FRAME_HEADER;
};

/**
 * Takes a gRPC request body apart as its bytes arrive, however they are cut. A message is handed on as a view of the bytes
 * that arrived, without a copy where it lies in one piece. Throws GrpcError RESOURCE_EXHAUSTED on a message beyond `limit` bytes.
 */
export class FrameReader {
  private parts: Buffer[] = [];
  private have = 0;
  private need = FRAME_HEADER;
  private inMessage = false;
  private compressed = false;

  constructor(
    private readonly limit: number,
    private readonly encoding: string | undefined,
    private readonly onMessage: (message: Buffer) => void,
  ) {}

  push(chunk: Buffer): void {
    let rest = this.have === 0 ? chunk : this.join(chunk);
    while (rest.length >= this.need) {
      const piece = rest.subarray(0, this.need);
      rest = rest.subarray(this.need);
      if (this.inMessage) {
        this.inMessage = false;
        this.need = FRAME_HEADER;
        this.onMessage(this.compressed ? decompress(piece, this.encoding, this.limit) : piece);
      } else this.startMessage(piece);
    }
    this.keep(rest);
  }

  /** Whether the body ended in the middle of a message. */
  get incomplete(): boolean {
    return this.have > 0 || this.inMessage;
  }

  private startMessage(header: Buffer): void {
    const length = header.readUInt32BE(1);
    this.compressed = header[0] !== 0;
    if (this.compressed) requireEncoding(this.encoding);
    if (length > this.limit) {
      throw new GrpcError(Status.RESOURCE_EXHAUSTED, 'Received message exceeds the maximum configured message size.');
    }
    this.inMessage = true;
    this.need = length;
  }

  /** Joins what was kept with the next bytes; as long as too little is there, nothing is copied. */
  private join(chunk: Buffer): Buffer {
    if (this.have + chunk.length < this.need) {
      this.parts.push(chunk);
      this.have += chunk.length;
      return Buffer.alloc(0);
    }
    const whole = Buffer.concat([...this.parts, chunk], this.have + chunk.length);
    this.parts = [];
    this.have = 0;
    return whole;
  }

  private keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.parts.push(rest);
    this.have += rest.length;
  }
}
