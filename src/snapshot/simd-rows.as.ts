// AssemblyScript: the other half of the SIMD module (see `simd.as.ts`): single sets and their rows, and how a column becomes a lane.

// @ts-nocheck: checked by asc, whose types these are.
const TILE: usize = 64;

/** out := a and b, told whether anything is in it. */
export function and(a: usize, b: usize, out: usize, bytes: i32): bool {
  let left = i64x2.splat(0);
  const end = a + <usize>bytes;
  while (a < end) {
    const both = v128.and(v128.load(a), v128.load(b));
    v128.store(out, both);
    left = v128.or(left, both);
    a += 16;
    b += 16;
    out += 16;
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

/** out := a and not b */
export function andNot(a: usize, b: usize, out: usize, bytes: i32): void {
  const end = a + <usize>bytes;
  while (a < end) {
    v128.store(out, v128.andnot(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
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

/** Bytes and 16-bit codes as 32-bit ones, eight at a time. */
export function widen8(from: usize, to: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8) {
    const x = v128.load_ext<u8>(from);
    v128.store(to, i32x4.extend_low_i16x8_u(x));
    v128.store(to, i32x4.extend_high_i16x8_u(x), 16);
    from += 8;
    to += 32;
  }
}

export function widen16(from: usize, to: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8) {
    const x = v128.load(from);
    v128.store(to, i32x4.extend_low_i16x8_u(x));
    v128.store(to, i32x4.extend_high_i16x8_u(x), 16);
    from += 16;
    to += 32;
  }
}

/** out := rows whose state is `state`, told whether there are any. States are bytes. */
export function withState(states: usize, state: i32, out: usize, tiles: i32): bool {
  const s = i8x16.splat(<i8>state);
  let left: i32 = 0;
  const end = out + <usize>tiles * TILE;
  while (out < end) {
    const sixteen = i8x16.bitmask(i8x16.eq(v128.load(states), s));
    store<u16>(out, <u16>sixteen);
    left |= sixteen;
    states += 16;
    out += 2;
  }
  return left !== 0;
}

/** Eight rows' states as two masks of four: all ones where there is a value. */
function told(states: usize, value: v128): v128 {
  return i16x8.eq(v128.load_ext<u8>(states), value);
}

/** The least and the greatest code among rows of that state, written to `out`. */
export function span(codes: usize, states: usize, state: i32, rows: i32, out: usize): void {
  const value = i16x8.splat(<i16>state);
  const most = i32x4.splat(0x7fffffff);
  const least = i32x4.splat(-0x80000000);
  let low = most;
  let high = least;
  for (let i = 0; i < rows; i += 8) {
    const m = told(states, value);
    const near = i32x4.extend_low_i16x8_s(m);
    const far = i32x4.extend_high_i16x8_s(m);
    const x = v128.load(codes);
    const y = v128.load(codes, 16);
    low = i32x4.min_s(low, i32x4.min_s(v128.bitselect(x, most, near), v128.bitselect(y, most, far)));
    high = i32x4.max_s(high, i32x4.max_s(v128.bitselect(x, least, near), v128.bitselect(y, least, far)));
    codes += 32;
    states += 8;
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}

/** Codes less `base`, 0 where there is no value. */
export function rebase(codes: usize, states: usize, state: i32, base: i32, rows: i32): void {
  const value = i16x8.splat(<i16>state);
  const from = i32x4.splat(base);
  for (let i = 0; i < rows; i += 8) {
    const m = told(states, value);
    v128.store(codes, v128.and(i32x4.sub(v128.load(codes), from), i32x4.extend_low_i16x8_s(m)));
    v128.store(codes, v128.and(i32x4.sub(v128.load(codes, 16), from), i32x4.extend_high_i16x8_s(m)), 16);
    codes += 32;
    states += 8;
  }
}

/** The digits of sixteen bytes, the highest of `k` first, each as 16 bits of its plane; `out` is the lowest plane's place. */
function digits(bytes: v128, k: i32, out: usize): void {
  let x = i8x16.shl(bytes, 8 - k);
  for (let plane = out + <usize>(k - 1) * TILE; plane >= out; plane -= TILE) {
    store<u16>(plane, <u16>i8x16.bitmask(x));
    x = i8x16.shl(x, 1);
  }
}

/** Turns 32-bit codes of `k` digits on their side, tile by tile. */
export function turn(codes: usize, k: i32, out: usize, tiles: i32): void {
  const stride = <usize>k * TILE;
  for (let t = 0; t < tiles; t++) {
    for (let at: usize = 0; at < TILE; at += 2) {
      const a = v128.load(codes);
      const b = v128.load(codes, 16);
      const c = v128.load(codes, 32);
      const d = v128.load(codes, 48);
      // The lower two bytes of eight codes at a time: eight lowest, eight second.
      const ab = v128.shuffle<i8>(a, b, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
      const cd = v128.shuffle<i8>(c, d, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
      digits(v128.shuffle<i64>(ab, cd, 0, 2), k < 8 ? k : 8, out + at);
      if (k > 8) digits(v128.shuffle<i64>(ab, cd, 1, 3), k < 16 ? k - 8 : 8, out + at + 8 * TILE);
      if (k > 16) {
        const ef = v128.shuffle<i8>(a, b, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
        const gh = v128.shuffle<i8>(c, d, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
        digits(v128.shuffle<i64>(ef, gh, 0, 2), k < 24 ? k - 16 : 8, out + at + 16 * TILE);
        if (k > 24) digits(v128.shuffle<i64>(ef, gh, 1, 3), k - 24, out + at + 24 * TILE);
      }
      codes += 64;
    }
    out += stride;
  }
}
