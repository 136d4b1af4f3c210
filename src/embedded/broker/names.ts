const DEAD = '.dead';

/** Where the messages of a queue end that were given up. */
export const deadQueueOf = (queue: string): string => `${queue}${DEAD}`;

export const isDeadQueue = (queue: string): boolean => queue.endsWith(DEAD);
