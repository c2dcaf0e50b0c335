// Control totals: exact sums per numeric column, as the deliverer can add them up too.

export interface Totals {
  /** Adds (`sign` 1n) or takes back (-1n) a canonical decimal. */
  add(header: string, number: string, sign: 1n | -1n): void;
  /** Column → decimal text. */
  sums(): Readonly<Record<string, string>>;
}

/** Sums are kept per number of decimals and brought together at the end: one bigint addition per cell. */
export const makeTotals = (): Totals => {
  const columns = new Map<string, Map<number, bigint>>();
  return {
    add: (header, number, sign) => {
      let scales = columns.get(header);
      if (scales === undefined) {
        scales = new Map();
        columns.set(header, scales);
      }
      const point = number.indexOf('.');
      const scale = point < 0 ? 0 : number.length - point - 1;
      const digits = BigInt(point < 0 ? number : number.slice(0, point) + number.slice(point + 1));
      scales.set(scale, (scales.get(scale) ?? 0n) + sign * digits);
    },
    sums: () => Object.fromEntries([...columns].map(([header, scales]) => [header, total(scales)])),
  };
};

const total = (scales: ReadonlyMap<number, bigint>): string => {
  const scale = Math.max(...scales.keys());
  let sum = 0n;
  for (const [s, n] of scales) sum += n * 10n ** BigInt(scale - s);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const decimals = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
};
