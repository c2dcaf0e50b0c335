// AssemblyScript: the kernel's inner loops, 16 bytes at a time. Rebuilt by `npm run build:simd` into `simd-wasm.ts`; a test holds that the committed bytes are these.
// Memory belongs to the caller. Lanes hold one code per row (8, 16 or 32 bits), padded to 128 rows; bitmaps hold one bit per row, 16 bytes per 128 rows.
// A range test is one subtraction and one unsigned comparison: code - low <= high - low.

// @ts-nocheck: checked by asc, whose types these are.
function in16(a: usize, low: v128, span: v128): v128 {
  return i16x8.le_u(i16x8.sub(v128.load(a), low), span);
}

/** Bits of 128 rows whose 8-bit codes lie in the range, as two words of 64. */
function bits8(a: usize, low: v128, span: v128): u64 {
  const w = <u64>i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(a), low), span));
  const x = <u64>i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(a, 16), low), span));
  const y = <u64>i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(a, 32), low), span));
  const z = <u64>i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(a, 48), low), span));
  return w | (x << 16) | (y << 32) | (z << 48);
}

/** Two vectors of 16-bit answers (0 or -1) saturate into one of 8-bit answers: one bitmask for sixteen rows. */
function bits16(a: usize, low: v128, span: v128): u64 {
  const w = <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(in16(a, low, span), in16(a + 16, low, span)));
  const x = <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(in16(a + 32, low, span), in16(a + 48, low, span)));
  const y = <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(in16(a + 64, low, span), in16(a + 80, low, span)));
  const z = <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(in16(a + 96, low, span), in16(a + 112, low, span)));
  return w | (x << 16) | (y << 32) | (z << 48);
}

function in32(a: usize, low: v128, span: v128): v128 {
  return i32x4.le_u(i32x4.sub(v128.load(a), low), span);
}

function sixteen32(a: usize, low: v128, span: v128): u64 {
  const x = i16x8.narrow_i32x4_s(in32(a, low, span), in32(a + 16, low, span));
  const y = i16x8.narrow_i32x4_s(in32(a + 32, low, span), in32(a + 48, low, span));
  return <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(x, y));
}

function bits32(a: usize, low: v128, span: v128): u64 {
  const near = sixteen32(a, low, span) | (sixteen32(a + 64, low, span) << 16);
  return near | (sixteen32(a + 128, low, span) << 32) | (sixteen32(a + 192, low, span) << 48);
}

/** out := rows whose code lies in [low, high]; `words` words of 64 rows. */
export function range8(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i8x16.splat(<i8>low);
  const s = i8x16.splat(<i8>(high - low));
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, bits8(lane, l, s));
    lane += 64;
    out += 8;
  }
}

export function range8Or(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i8x16.splat(<i8>low);
  const s = i8x16.splat(<i8>(high - low));
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, load<u64>(out) | bits8(lane, l, s));
    lane += 64;
    out += 8;
  }
}

export function range16(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i16x8.splat(<i16>low);
  const s = i16x8.splat(<i16>(high - low));
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, bits16(lane, l, s));
    lane += 128;
    out += 8;
  }
}

export function range16Or(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i16x8.splat(<i16>low);
  const s = i16x8.splat(<i16>(high - low));
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, load<u64>(out) | bits16(lane, l, s));
    lane += 128;
    out += 8;
  }
}

export function range32(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i32x4.splat(low);
  const s = i32x4.splat(high - low);
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, bits32(lane, l, s));
    lane += 256;
    out += 8;
  }
}

export function range32Or(lane: usize, low: i32, high: i32, out: usize, words: i32): void {
  const l = i32x4.splat(low);
  const s = i32x4.splat(high - low);
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    store<u64>(out, load<u64>(out) | bits32(lane, l, s));
    lane += 256;
    out += 8;
  }
}

/** out := rows whose code's entry in `table` (one byte per code) is not 0: for answers scattered over the codes. */
export function table8(lane: usize, table: usize, out: usize, words: i32): void {
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    let word: u64 = 0;
    for (let i: usize = 0; i < 64; i++) word |= (<u64>load<u8>(table + load<u8>(lane + i))) << i;
    store<u64>(out, word);
    lane += 64;
    out += 8;
  }
}

export function table16(lane: usize, table: usize, out: usize, words: i32): void {
  const end = out + ((<usize>words) << 3);
  while (out < end) {
    let word: u64 = 0;
    for (let i: usize = 0; i < 64; i++) word |= (<u64>load<u8>(table + load<u16>(lane + (i << 1)))) << i;
    store<u64>(out, word);
    lane += 128;
    out += 8;
  }
}

/** a := a and b, told whether anything is left. */
export function and(a: usize, b: usize, bytes: i32): bool {
  let left = i64x2.splat(0);
  const end = a + <usize>bytes;
  while (a < end) {
    const both = v128.and(v128.load(a), v128.load(b));
    v128.store(a, both);
    left = v128.or(left, both);
    a += 16;
    b += 16;
  }
  return v128.any_true(left);
}

export function or(a: usize, b: usize, bytes: i32): void {
  const end = a + <usize>bytes;
  while (a < end) {
    v128.store(a, v128.or(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
}

export function andNot(a: usize, b: usize, bytes: i32): void {
  const end = a + <usize>bytes;
  while (a < end) {
    v128.store(a, v128.andnot(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
}

export function copy(to: usize, from: usize, bytes: i32): void {
  memory.copy(to, from, <usize>bytes);
}

export function count(a: usize, bytes: i32): i32 {
  let sum: i64 = 0;
  const end = a + <usize>bytes;
  while (a < end) {
    sum += popcnt<i64>(load<i64>(a));
    a += 8;
  }
  return <i32>sum;
}

/** Rows of the set bits, ascending, `base` added to each, as 32-bit numbers; returns how many. */
export function rows(a: usize, bytes: i32, out: usize, base: i32): i32 {
  const first = out;
  const end = a + <usize>bytes;
  while (a < end) {
    let word = load<u64>(a);
    while (word) {
      store<i32>(out, base + <i32>ctz<u64>(word));
      out += 4;
      word &= word - 1;
    }
    a += 8;
    base += 64;
  }
  return <i32>((out - first) >> 2);
}
