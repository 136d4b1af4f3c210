/**
 * What an event takes in the log besides its bytes: positions are sparse, as a real server's, and a position that is not
 * the beginning of an event can be told.
 */
export const RECORD_OVERHEAD = 32;
