// In a formula facts stand by their names; people write and look for the Chinese labels. What is written by label is kept by name, outside quoted text. Pure.

interface Named {
  readonly name: string;
  readonly label: string;
}

const letter = /[\p{L}\p{N}_]/u;

/** Labels that can stand as one word in a formula, each once; of two facts with one label the first is meant. */
export const wordsFor = (names: readonly Named[]): ReadonlyMap<string, string> =>
  new Map(
    names
      .filter((one) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(one.label) && one.label !== one.name)
      .toReversed()
      .map((one) => [one.label, one.name]),
  );

/** Whole words only: a label inside another word, or in quotes, is left alone. */
export const keyed = (text: string, labels: ReadonlyMap<string, string>): string => {
  let out = '';
  let i = 0;
  while (i < text.length) {
    const quoted = /^"(?:[^"\\]|\\.)*"?/.exec(text.slice(i))?.[0];
    if (quoted !== undefined) {
      out += quoted;
      i += quoted.length;
      continue;
    }
    let end = i;
    while (end < text.length && letter.test(String.fromCodePoint(text.codePointAt(end) ?? 0)))
      end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    if (end === i) {
      out += text[i];
      i += 1;
      continue;
    }
    const word = text.slice(i, end);
    out += labels.get(word) ?? word;
    i = end;
  }
  return out;
};
