/** Keeps texts from whoever reads the table that they lie in. */
export interface SealedText {
  /** @param place where the text is kept: it opens nowhere else */
  seal(text: string, place: string): string;
  /**
   * The text as it was; what was kept before texts were sealed is given back as it is.
   * @throws an Error where it was kept under another secret, in another place, or altered
   */
  open(kept: string, place: string): string;
}

/** Where the bodies of a provider's webhooks are kept. */
export const inboxPlace = (provider: string): string => `webhook_inbox/${provider}`;
