// What an upload in pieces may be, for the server that refuses and the page that does not even begin. Pure.

export const uploadLimits = {
  /** What one request may carry: the web refuses larger bodies. */
  chunkBytes: 1_000_000,
  fileBytes: 512_000_000,
  /** Of one sender, at once. */
  open: 20,
  /** Untouched for so long an open file is given up. */
  idleHours: 24,
} as const;
