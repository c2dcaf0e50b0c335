// Charts of the bench as SVG: horizontal bars on a scale of powers of ten, since engines lie five of them apart. Text and rectangles only, readable on light
// and dark ground. Pure.

export interface Bar {
  readonly label: string;
  /** Above 0. */
  readonly value: number;
  readonly text: string;
  /** Ours stand out. */
  readonly own: boolean;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const [width, left, right, barHeight, gap, head] = [960, 330, 170, 20, 10, 64];

/** `mark`: a value to draw a line at, with its name. */
export const barChart = (
  title: string,
  bars: readonly Bar[],
  mark: { readonly value: number; readonly text: string } | null = null,
): string => {
  const logs = [...bars.map((bar) => bar.value), ...(mark === null ? [] : [mark.value])].map(Math.log10);
  const low = Math.floor(Math.min(...logs) - 0.001);
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)));
  const at = (value: number): number => left + ((Math.log10(value) - low) / (high - low)) * (width - left - right);
  const height = head + bars.length * (barHeight + gap) + 30;
  const round = (n: number): string => String(Math.round(n * 10) / 10);
  const lines = Array.from({ length: high - low + 1 }, (_, i) => {
    const x = round(at(10 ** (low + i)));
    return `<line x1="${x}" y1="${head - 8}" x2="${x}" y2="${height - 24}" stroke="#8884"/><text x="${x}" y="${height - 8}" text-anchor="middle" class="s">10${superscript(low + i)}</text>`;
  });
  const drawn = bars.map((bar, i) => {
    const y = head + i * (barHeight + gap);
    const end = Math.max(left + 2, at(bar.value));
    return [
      `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${escaped(bar.label)}</text>`,
      `<rect x="${left}" y="${y}" width="${round(end - left)}" height="${barHeight}" rx="3" fill="${bar.own ? '#1677ff' : '#8c8c8c'}"/>`,
      `<text x="${round(end + 8)}" y="${y + 15}">${escaped(bar.text)}</text>`,
    ].join('');
  });
  const line =
    mark === null
      ? []
      : [
          `<line x1="${round(at(mark.value))}" y1="${head - 8}" x2="${round(at(mark.value))}" y2="${height - 24}" stroke="#fa541c" stroke-dasharray="4 3"/>`,
          `<text x="${round(at(mark.value))}" y="${head - 12}" text-anchor="middle" class="s">${escaped(mark.text)}</text>`,
        ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    '<style>text{font:13px system-ui,"Noto Sans CJK SC",sans-serif;fill:#222}.s{font-size:11px}.t{font-size:16px;font-weight:600}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>',
    `<text x="12" y="26" class="t">${escaped(title)}</text>`,
    ...lines,
    ...drawn,
    ...line,
    '</svg>',
    '',
  ].join('\n');
};

const superscript = (n: number): string => [...String(n)].map((c) => (c === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? c))).join('');
