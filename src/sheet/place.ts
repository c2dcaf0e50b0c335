// Where a cell stands, as spreadsheets name it: column letters and `Sheet1!C7`.

/** 0 → A, 25 → Z, 26 → AA. */
export const letterOf = (index: number): string => {
  let letters = '';
  for (let n = index; n >= 0; n = Math.floor(n / 26) - 1) letters = String.fromCharCode(65 + (n % 26)) + letters;
  return letters;
};

/** The column of a cell reference (`C7` → 2); -1 when it is none, or lies beyond three letters. */
export const columnOf = (reference: string): number => {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at++) {
    const code = reference.charCodeAt(at);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return at === 0 || at > 3 ? -1 : column - 1;
};
