// Sentences with gaps: `{1}` takes the first argument; `[…]` is left out when an argument in it is absent.

/** null when an argument it names is absent. */
const fill = (text: string, args: readonly (string | undefined)[]): string | null => {
  let absent = false;
  const out = text.replace(/\{(\d)\}/g, (_, n: string) => {
    const arg = args[Number(n) - 1];
    if (arg === undefined) absent = true;
    return arg ?? '';
  });
  return absent ? null : out;
};

/** Each piece is filled once, so that braces inside an argument stay what they are. */
export const fillTemplate = (template: string, args: readonly (string | undefined)[]): string =>
  template
    .split(/(\[[^\]]*\])/)
    .map((piece) => (piece.startsWith('[') ? (fill(piece.slice(1, -1), args) ?? '') : (fill(piece, args) ?? piece)))
    .join('')
    .trim();
