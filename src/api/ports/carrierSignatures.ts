/** Knows the carriers, and whether it is they who speak. */
export interface CarrierSignatures {
  /** Checks the signature on exactly the bytes that came. */
  check(carrier: string, rawBody: Buffer, signature: string): 'good' | 'bad' | 'unknown-carrier';
}
