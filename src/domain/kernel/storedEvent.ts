/** An event as the store gives it back, not yet decoded. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  /** The encoded envelope, see `MetadataCodec`. */
  readonly metadata: unknown;
  readonly stream: string;
  readonly revision: number;
  /** Commit position in `$all`. */
  readonly position: bigint;
  /** When the store wrote it. */
  readonly createdAt: Date;
}
