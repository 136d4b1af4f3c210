/** Keeps one wrapped key for each person. Deleting it erases the person. */
export interface SubjectKeys {
  /** Keeps the key unless there is one, and answers the one that is there. */
  keep(subject: string, wrapped: Buffer): Promise<Buffer>;
  find(subject: string): Promise<Buffer | undefined>;
}
