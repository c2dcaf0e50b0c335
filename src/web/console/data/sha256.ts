// SHA-256 of what comes in pieces, by FIPS 180-4: the browser's own takes nothing but the whole at once, and a delivery may be larger than a page's memory. Pure.

const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
/** The first 32 bits of the fraction. */
const bits = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32);
const start = Uint32Array.from(primes.slice(0, 8), (p) => bits(Math.sqrt(p)));
const rounds = Uint32Array.from(primes, (p) => bits(Math.cbrt(p)));

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** One block of 64 bytes into the state; `words` is room to work in. */
const mix = (state: Uint32Array, words: Int32Array, block: DataView, at: number): void => {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const w15 = words[i - 15] as number;
    const w2 = words[i - 2] as number;
    const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
    const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
    words[i] = (words[i - 16] as number) + s0 + (words[i - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (words[i] as number)) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + value;
};

export const sha256Of = () => {
  const state = start.slice();
  const words = new Int32Array(64);
  const rest = new Uint8Array(64);
  const restView = new DataView(rest.buffer);
  let held = 0;
  let total = 0;
  const add = (bytes: Uint8Array): void => {
    total += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(64 - held, bytes.length);
      rest.set(bytes.subarray(0, at), held);
      held += at;
      if (held < 64) return;
      mix(state, words, restView, 0);
      held = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; at + 64 <= bytes.length; at += 64) mix(state, words, view, at);
    rest.set(bytes.subarray(at));
    held = bytes.length - at;
  };
  /** Hexadecimal; nothing is added after it. */
  const end = (): string => {
    const length = total;
    const tail = new Uint8Array(((held < 56 ? 64 : 128) - held) | 0);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(length) * 8n);
    add(tail);
    return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
  };
  return { add, end };
};
