/**
 * Whether a topic pattern matches a routing key, by AMQP's rules: words between dots, `*` for one word, `#` for any
 * number of words, none included (AMQP 0-9-1 specification, 3.1.3.3).
 */
export const topicMatches = (pattern: string, key: string): boolean => matches(pattern.split('.'), key.split('.'));

const matches = (pattern: readonly string[], words: readonly string[]): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return matches(rest, words) || (words.length > 0 && matches(pattern, words.slice(1)));
  return words.length > 0 && (first === '*' || first === words[0]) && matches(rest, words.slice(1));
};
