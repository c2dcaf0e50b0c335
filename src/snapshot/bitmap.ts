// Sets of rows within a block: one bit per row, 32 to a word. Plain loops over typed arrays, so that another implementation can take their place.

export type Bitmap = Uint32Array;

/** Rows per block; a block is the unit of sealing, of work and of a transaction. */
export const blockRows = 65_536;

export const wordsFor = (rows: number): number => (rows + 31) >>> 5;

export const emptyBitmap = (rows: number): Bitmap => new Uint32Array(wordsFor(rows));

/** Bits at and beyond `rows` stay 0, so that counts never see padding. */
export const fullBitmap = (rows: number): Bitmap => {
  const bits = emptyBitmap(rows).fill(0xffffffff);
  const rest = rows & 31;
  if (rest !== 0) bits[bits.length - 1] = (1 << rest) - 1;
  return bits;
};

export const setBit = (bits: Bitmap, row: number): void => {
  bits[row >>> 5] = (bits[row >>> 5] as number) | (1 << (row & 31));
};

export const clearBit = (bits: Bitmap, row: number): void => {
  bits[row >>> 5] = (bits[row >>> 5] as number) & ~(1 << (row & 31));
};

export const hasBit = (bits: Bitmap, row: number): boolean => (((bits[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;

/** a := a ∧ b */
export const andInto = (a: Bitmap, b: Bitmap): void => {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) & (b[i] as number);
};

/** a := a ∨ b */
export const orInto = (a: Bitmap, b: Bitmap): void => {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) | (b[i] as number);
};

/** a := a ∧ ¬b */
export const andNotInto = (a: Bitmap, b: Bitmap): void => {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) & ~(b[i] as number);
};

export const countBits = (bits: Bitmap): number => {
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    let word = bits[i] as number;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
};

/** Rows in ascending order. */
export const eachBit = (bits: Bitmap, visit: (row: number) => void): void => {
  for (let i = 0; i < bits.length; i++) {
    for (let word = bits[i] as number; word !== 0; word &= word - 1) visit((i << 5) + 31 - Math.clz32(word & -word));
  }
};

export const rowsOf = (bits: Bitmap): number[] => {
  const rows: number[] = [];
  eachBit(bits, (row) => rows.push(row));
  return rows;
};

/** As stored: little-endian bytes, trailing zeros cut. */
export const bitmapToBytes = (bits: Bitmap): Uint8Array => {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, end);
};

/** Bits beyond `rows` are dropped: a block may be read with fewer rows than it was written with, never the other way round. */
export const bitmapFromBytes = (bytes: Uint8Array, rows: number): Bitmap => {
  const bits = emptyBitmap(rows);
  new Uint8Array(bits.buffer).set(bytes.subarray(0, bits.byteLength));
  andInto(bits, fullBitmap(rows));
  return bits;
};
