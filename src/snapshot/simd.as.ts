// AssemblyScript: the kernel's inner loops, 16 bytes at a time. Rebuilt, with `simd-rows.as.ts`, by `npm run build:simd` into
// `simd-wasm.ts`; a test holds that the committed bytes are these.
// Memory belongs to the caller. Rows come in tiles of 512. A set is one bit per row, 64 bytes a tile. A lane is the codes of its rows turned on their side:
// per tile one set per binary digit, lowest digit first, so that a comparison with a constant is one `and` or `or` per digit for 128 rows at a time, and a
// narrow column costs as little memory as its digits.

// @ts-nocheck: checked by asc, whose types these are.
const TILE: usize = 64;

/** Rows whose code is at least `low`: from the lowest digit up, a digit 1 of `low` must be there, a digit 0 may be there. Low zeros say nothing. */
function atLeast(lane: usize, k: i32, low: i32, flip: v128, mask: usize, out: usize, tiles: i32, add: bool): bool {
  const skip = ctz<i32>(low);
  const first = low >> skip;
  const stride = <usize>k * TILE;
  let left = i64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    let a = i64x2.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    let digits = first;
    const end = lane + stride;
    for (let p = lane + <usize>skip * TILE; p < end; p += TILE) {
      if (digits & 1) {
        a = v128.and(a, v128.load(p));
        b = v128.and(b, v128.load(p, 16));
        c = v128.and(c, v128.load(p, 32));
        d = v128.and(d, v128.load(p, 48));
      } else {
        a = v128.or(a, v128.load(p));
        b = v128.or(b, v128.load(p, 16));
        c = v128.or(c, v128.load(p, 32));
        d = v128.or(d, v128.load(p, 48));
      }
      digits >>= 1;
    }
    left = v128.or(left, put(out, mask, v128.xor(a, flip), v128.xor(b, flip), v128.xor(c, flip), v128.xor(d, flip), add));
    lane = end;
    out += TILE;
    mask += TILE;
  }
  return v128.any_true(left);
}

/** Writes four vectors cut down to the mask, onto what is there when told to add; returns what is in them. */
function put(out: usize, mask: usize, a: v128, b: v128, c: v128, d: v128, add: bool): v128 {
  a = v128.and(a, v128.load(mask));
  b = v128.and(b, v128.load(mask, 16));
  c = v128.and(c, v128.load(mask, 32));
  d = v128.and(d, v128.load(mask, 48));
  if (add) {
    a = v128.or(a, v128.load(out));
    b = v128.or(b, v128.load(out, 16));
    c = v128.or(c, v128.load(out, 32));
    d = v128.or(d, v128.load(out, 48));
  }
  v128.store(out, a);
  v128.store(out, b, 16);
  v128.store(out, c, 32);
  v128.store(out, d, 48);
  return v128.or(v128.or(a, b), v128.or(c, d));
}

function equals(lane: usize, k: i32, code: i32, mask: usize, out: usize, tiles: i32, add: bool): bool {
  const stride = <usize>k * TILE;
  let left = i64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    let a = i64x2.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    let digits = code;
    const end = lane + stride;
    for (let p = lane; p < end; p += TILE) {
      if (digits & 1) {
        a = v128.and(a, v128.load(p));
        b = v128.and(b, v128.load(p, 16));
        c = v128.and(c, v128.load(p, 32));
        d = v128.and(d, v128.load(p, 48));
      } else {
        a = v128.andnot(a, v128.load(p));
        b = v128.andnot(b, v128.load(p, 16));
        c = v128.andnot(c, v128.load(p, 32));
        d = v128.andnot(d, v128.load(p, 48));
      }
      digits >>= 1;
    }
    left = v128.or(left, put(out, mask, a, b, c, d, add));
    lane = end;
    out += TILE;
    mask += TILE;
  }
  return v128.any_true(left);
}

/** At least `low` and less than `above`: both comparisons over one reading of the digits. */
function between(lane: usize, k: i32, low: i32, above: i32, mask: usize, out: usize, tiles: i32, add: bool): bool {
  const stride = <usize>k * TILE;
  let left = i64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    let a = i64x2.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    let lows = low;
    let highs = above;
    const end = lane + stride;
    for (let p = lane; p < end; p += TILE) {
      const w = v128.load(p);
      const x = v128.load(p, 16);
      const y = v128.load(p, 32);
      const z = v128.load(p, 48);
      if (lows & 1) {
        a = v128.and(a, w);
        b = v128.and(b, x);
        c = v128.and(c, y);
        d = v128.and(d, z);
      } else {
        a = v128.or(a, w);
        b = v128.or(b, x);
        c = v128.or(c, y);
        d = v128.or(d, z);
      }
      if (highs & 1) {
        e = v128.and(e, w);
        f = v128.and(f, x);
        g = v128.and(g, y);
        h = v128.and(h, z);
      } else {
        e = v128.or(e, w);
        f = v128.or(f, x);
        g = v128.or(g, y);
        h = v128.or(h, z);
      }
      lows >>= 1;
      highs >>= 1;
    }
    left = v128.or(left, put(out, mask, v128.andnot(a, e), v128.andnot(b, f), v128.andnot(c, g), v128.andnot(d, h), add));
    lane = end;
    out += TILE;
    mask += TILE;
  }
  return v128.any_true(left);
}

/** out := (out or) the rows of `mask` whose code of `k` digits lies in [low, high], told whether there are any. */
export function range(lane: usize, k: i32, low: i32, high: i32, mask: usize, out: usize, tiles: i32, add: bool): bool {
  const none = i64x2.splat(0);
  const top: i32 = k >= 31 ? 0x7fffffff : (1 << k) - 1;
  if (low === high && k > 0) return equals(lane, k, low, mask, out, tiles, add);
  if (high >= top) return atLeast(lane, low === 0 ? 0 : k, low, none, mask, out, tiles, add);
  if (low === 0) return atLeast(lane, k, high + 1, i64x2.splat(-1), mask, out, tiles, add);
  return between(lane, k, low, high + 1, mask, out, tiles, add);
}

/** Parts are pairs of sets: surely, and open; a row is possible when it is in either. The rows surely and possibly in all parts; whether any is possible. */
export function all(parts: usize, n: i32, surely: usize, possibly: usize, tiles: i32): bool {
  const last = parts + ((<usize>n) << 3);
  let left = i64x2.splat(0);
  const end = <usize>tiles * TILE;
  for (let at: usize = 0; at < end; at += TILE) {
    let a = i64x2.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    for (let part = parts; part < last; part += 8) {
      const s = <usize>load<u32>(part) + at;
      const o = <usize>load<u32>(part, 4) + at;
      const w = v128.load(s);
      const x = v128.load(s, 16);
      const y = v128.load(s, 32);
      const z = v128.load(s, 48);
      a = v128.and(a, w);
      b = v128.and(b, x);
      c = v128.and(c, y);
      d = v128.and(d, z);
      e = v128.and(e, v128.or(w, v128.load(o)));
      f = v128.and(f, v128.or(x, v128.load(o, 16)));
      g = v128.and(g, v128.or(y, v128.load(o, 32)));
      h = v128.and(h, v128.or(z, v128.load(o, 48)));
    }
    v128.store(surely + at, a);
    v128.store(surely + at, b, 16);
    v128.store(surely + at, c, 32);
    v128.store(surely + at, d, 48);
    v128.store(possibly + at, e);
    v128.store(possibly + at, f, 16);
    v128.store(possibly + at, g, 32);
    v128.store(possibly + at, h, 48);
    left = v128.or(left, v128.or(v128.or(e, f), v128.or(g, h)));
  }
  return v128.any_true(left);
}

/** The rows surely and possibly in any part. */
export function any(parts: usize, n: i32, surely: usize, possibly: usize, tiles: i32): bool {
  const last = parts + ((<usize>n) << 3);
  let left = i64x2.splat(0);
  const end = <usize>tiles * TILE;
  for (let at: usize = 0; at < end; at += TILE) {
    let a = i64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    for (let part = parts; part < last; part += 8) {
      const s = <usize>load<u32>(part) + at;
      const o = <usize>load<u32>(part, 4) + at;
      a = v128.or(a, v128.load(s));
      b = v128.or(b, v128.load(s, 16));
      c = v128.or(c, v128.load(s, 32));
      d = v128.or(d, v128.load(s, 48));
      e = v128.or(e, v128.load(o));
      f = v128.or(f, v128.load(o, 16));
      g = v128.or(g, v128.load(o, 32));
      h = v128.or(h, v128.load(o, 48));
    }
    e = v128.or(e, a);
    f = v128.or(f, b);
    g = v128.or(g, c);
    h = v128.or(h, d);
    v128.store(surely + at, a);
    v128.store(surely + at, b, 16);
    v128.store(surely + at, c, 32);
    v128.store(surely + at, d, 48);
    v128.store(possibly + at, e);
    v128.store(possibly + at, f, 16);
    v128.store(possibly + at, g, 32);
    v128.store(possibly + at, h, 48);
    left = v128.or(left, v128.or(v128.or(e, f), v128.or(g, h)));
  }
  return v128.any_true(left);
}

/** The rows surely in all parts, ascending, `base` added to each, as 32-bit numbers; returns how many. `tile` is room for 64 bytes. Of each 64 rows three are
 * written whether they are there or not and counted afterwards: a branch per hit would be guessed wrong about once per word. `out` has room for three more. */
export function rowsInAll(parts: usize, n: i32, tile: usize, out: usize, base: i32, tiles: i32): i32 {
  const last = parts + ((<usize>n) << 3);
  const first = out;
  const end = <usize>tiles * TILE;
  for (let at: usize = 0; at < end; at += TILE) {
    let a = i64x2.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    for (let part = parts; part < last; part += 8) {
      const s = <usize>load<u32>(part) + at;
      a = v128.and(a, v128.load(s));
      b = v128.and(b, v128.load(s, 16));
      c = v128.and(c, v128.load(s, 32));
      d = v128.and(d, v128.load(s, 48));
    }
    v128.store(tile, a);
    v128.store(tile, b, 16);
    v128.store(tile, c, 32);
    v128.store(tile, d, 48);
    for (let place: usize = 0; place < TILE; place += 8) {
      let word = load<u64>(tile + place);
      const next = out + ((<usize>popcnt<u64>(word)) << 2);
      store<i32>(out, base + <i32>ctz<u64>(word));
      word &= word - 1;
      store<i32>(out, base + <i32>ctz<u64>(word), 4);
      word &= word - 1;
      store<i32>(out, base + <i32>ctz<u64>(word), 8);
      word &= word - 1;
      while (word) {
        out += 4;
        store<i32>(out, base + <i32>ctz<u64>(word), 8);
        word &= word - 1;
      }
      out = next;
      base += 64;
    }
  }
  return <i32>((out - first) >> 2);
}
