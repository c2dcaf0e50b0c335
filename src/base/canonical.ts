// One text for one content: JSON with sorted keys and no white space, so that equal values have equal hashes whoever wrote them, and whether they come
// from memory or back from a jsonb column. bigint is written as its digits in quotes, a Date as its ISO text; undefined members are left out.

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the value will be when it comes back from the database. */
export const plainJson = (value: unknown): Json =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))) as Json);

export const canonicalJson = (value: unknown): string => sortedJson(plainJson(value));

/** The same for what is plain JSON already (no bigint, no Date, nothing undefined), without copying it first. */
export const sortedJson = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // Not localeCompare: code units sort alike everywhere.
  const entries = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`).join(',')}}`;
};
