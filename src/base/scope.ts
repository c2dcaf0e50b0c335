// What one account may see (DESIGN 21). A scope travels with every read; each store turns it into SQL in one place.
// `null` in a list's stead means everything; an empty list means nothing.

export interface Scope {
  /** Authorities 主管部门 by name. */
  readonly authorities: readonly string[] | null;
  /** Division codes; a code covers everything below it (prefix of GB/T 2260 with trailing zeros cut by pairs). */
  readonly divisions: readonly string[] | null;
  /** Item ids. */
  readonly items: readonly string[] | null;
}

export const everything: Scope = { authorities: null, divisions: null, items: null };

/** `530128` → `530128`, `530100` → `5301`, `530000` → `53`: what a code below it starts with. Town and village codes (9, 12 digits) lose trailing `000`. */
export const divisionPrefix = (code: string): string => {
  let prefix = code.length > 6 ? code.replace(/(000)+$/, '') : code;
  if (prefix.length <= 6) prefix = prefix.replace(/(00)+$/, '');
  return prefix;
};

export const coversDivision = (scope: Scope, division: string | null): boolean => {
  if (scope.divisions === null) return true;
  if (division === null) return false;
  return scope.divisions.some((code) => division.startsWith(divisionPrefix(code)));
};

export const coversItem = (scope: Scope, item: { readonly id: string; readonly authority: string }): boolean =>
  (scope.items === null || scope.items.includes(item.id)) && (scope.authorities === null || scope.authorities.includes(item.authority));
