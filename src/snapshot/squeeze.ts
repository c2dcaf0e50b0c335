// How segments, their pages and results rest small: zstd at its fastest, a third of the time of deflate either way, and smaller. What was stored before is
// deflated; its first bytes tell: deflated data that began with zstd's mark would be a stored block whose length contradicts itself.
import { constants, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const params = { [constants.ZSTD_c_compressionLevel]: 1 };

export const squeezed = (bytes: Uint8Array | string): Uint8Array => zstdCompressSync(bytes, { params });

/** Content in one piece is read without being put together; zstd says how large it is, of the older format `usual` is a guess. */
export const unsqueezed = (bytes: Uint8Array, usual = 16_384): Buffer =>
  isZstd(bytes) ? zstdDecompressSync(bytes, { chunkSize: sizeOf(bytes) ?? usual }) : inflateRawSync(bytes, { chunkSize: usual });

const isZstd = (bytes: Uint8Array): boolean =>
  bytes.length > 6 && bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;

/** Larger ones are put together of pieces: a wrong header must not claim the memory. */
const [leastPiece, mostPiece] = [64, 1 << 26];

/** A byte more than a frame's header says of its content (RFC 8878, 3.1.1.1), so that its end is seen; null: it says nothing, or what is beyond belief. */
const sizeOf = (frame: Uint8Array): number | null => {
  const descriptor = frame[4] as number;
  const single = (descriptor & 0x20) !== 0;
  const width = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  if (width === 0 || at + width > frame.length) return null;
  let size = width === 2 ? 256 : 0;
  for (let i = 0, unit = 1; i < width; i++, unit *= 256) size += (frame[at + i] as number) * unit;
  return size > mostPiece ? null : Math.max(leastPiece, size + 1);
};
