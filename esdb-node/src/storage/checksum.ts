/** CRC-32 of every byte value (the polynomial of ISO 3309, as in zip and Ethernet). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 of some bytes: tells an event that was written from one that a disk gives back otherwise. */
export const checksum = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (let k = 0; k < bytes.length; k += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[k] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
};
