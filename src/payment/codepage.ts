// GBK, the code page most bank templates still ask for. The runtime reads it; writing is the same table turned round. What it lacks (rare characters in
// names) is named, never replaced: a `?` in a name is a returned payment.

let table: ReadonlyMap<string, number> | null = null;

/** Made when first needed: some 23,800 two-byte codes as the runtime's own decoder knows them. */
const codes = (): ReadonlyMap<string, number> => {
  if (table !== null) return table;
  const decoder = new TextDecoder('gbk', { fatal: true });
  const made = new Map<string, number>();
  // 0xfe holds what later standards added (䶮): a bank's own table may not have it.
  for (let high = 0x81; high <= 0xfd; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue;
      try {
        const character = decoder.decode(Uint8Array.of(high, low));
        // Private-use codes are another character on every machine.
        if ([...character].length === 1 && !/[\ue000-\uf8ff\ufffd]/.test(character) && !made.has(character))
          made.set(character, (high << 8) | low);
      } catch {
        // No character at this code.
      }
    }
  table = made;
  return made;
};

const printable = (character: string): boolean => character >= ' ' && character <= '~';

/** Characters GBK has no code for, each once, in order. */
export const lackingInGbk = (text: string): readonly string[] => {
  const known = codes();
  return [...new Set([...text].filter((c) => !printable(c) && c !== '\r' && c !== '\n' && c !== '\t' && !known.has(c)))];
};

/** Throws a RangeError for a character GBK lacks: `lackingInGbk` is asked before. */
export const toGbk = (text: string): Uint8Array => {
  const known = codes();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80 && character.length === 1) bytes.push(code);
    else {
      const found = known.get(character);
      if (found === undefined) throw new RangeError(`GBK has no ${character}`);
      bytes.push(found >> 8, found & 0xff);
    }
  }
  return Uint8Array.from(bytes);
};

/** Bytes a text takes: banks count columns of fixed width this way. */
export const gbkLength = (text: string): number =>
  [...text].reduce((sum, c) => sum + (c.length === 1 && c.charCodeAt(0) < 0x80 ? 1 : 2), 0);
