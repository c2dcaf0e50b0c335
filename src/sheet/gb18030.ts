// Text as GB18030 bytes. The platform only reads the encoding; for writing, its own reader is asked once what every two-byte pair means.

let pairs: ReadonlyMap<number, number> | null = null;

const readPairs = (): ReadonlyMap<number, number> => {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<number, number>();
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) {
      if (second === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(first, second));
      if (text.length === 1 && text !== '\ufffd') found.set(text.charCodeAt(0), (first << 8) | second);
    }
  }
  return found;
};

/** ASCII and everything of two bytes (GBK); throws a RangeError for a character beyond. */
export const encodeGb18030 = (text: string): Uint8Array => {
  pairs ??= readPairs();
  const bytes: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes.push(code);
      continue;
    }
    const pair = pairs.get(code);
    if (pair === undefined) throw new RangeError(`a character outside GBK: U+${code.toString(16)}`);
    bytes.push(pair >> 8, pair & 0xff);
  }
  return Uint8Array.from(bytes);
};
