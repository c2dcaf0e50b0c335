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

interface Words {
  readonly axis: string;
  readonly colours: readonly [own: string, other: string];
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const [scale, right, barHeight, gap, head] = [460, 170, 20, 10, 64];
/** A letter of a label is about this wide. */
const letter = 7.2;

/** `axis`: what the scale counts, and what the two colours stand for. `mark`: a value to draw a line at, with its name. */
export const barChart = (
  title: string,
  bars: readonly Bar[],
  { axis, colours, mark = null }: Words & { readonly mark?: { readonly value: number; readonly text: string } | null },
): string => {
  const left = Math.ceil(Math.max(0, ...bars.map((bar) => bar.label.length)) * letter) + 22;
  const width = left + scale + right;
  const logs = [...bars.map((bar) => bar.value), ...(mark === null ? [] : [mark.value])].map(Math.log10);
  const low = Math.floor(Math.min(...logs) - 0.001);
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)));
  const at = (value: number): number => left + ((Math.log10(value) - low) / (high - low)) * scale;
  const bottom = head + bars.length * (barHeight + gap);
  const height = bottom + 50;
  const round = (n: number): string => String(Math.round(n * 10) / 10);
  const lines = Array.from({ length: high - low + 1 }, (_, i) => {
    const x = round(at(10 ** (low + i)));
    return `<line x1="${x}" y1="${head - 8}" x2="${x}" y2="${bottom}" stroke="#8884"/><text x="${x}" y="${bottom + 18}" text-anchor="middle" class="s">10${superscript(low + i)}</text>`;
  });
  const drawn = bars.map((bar, i) => {
    const y = head + i * (barHeight + gap);
    const end = Math.max(left + 2, at(bar.value));
    return [
      `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${escaped(bar.label)}</text>`,
      `<rect x="${left}" y="${y}" width="${round(end - left)}" height="${barHeight}" rx="3" fill="${bar.own ? ours : theirs}"/>`,
      `<text x="${round(end + 8)}" y="${y + 15}" class="v">${escaped(bar.text)}</text>`,
    ].join('');
  });
  const line =
    mark === null
      ? []
      : [
          `<line x1="${round(at(mark.value))}" y1="${head - 8}" x2="${round(at(mark.value))}" y2="${bottom}" stroke="#fa541c" stroke-dasharray="4 3"/>`,
          `<text x="${round(at(mark.value))}" y="${head - 12}" text-anchor="middle" class="s">${escaped(mark.text)}</text>`,
        ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    // Values have a rim of the ground's colour: they stand over lines of the scale.
    '<style>text{font:13px system-ui,"Noto Sans CJK SC",sans-serif;fill:#222}.s{font-size:11px}.t{font-size:16px;font-weight:600}.g{fill:#fff}.v{stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}@media(prefers-color-scheme:dark){text{fill:#ddd}.g{fill:#0d1117}.v{stroke:#0d1117}}</style>',
    `<rect width="${width}" height="${height}" class="g"/>`,
    `<text x="12" y="26" class="t">${escaped(title)}</text>`,
    ...key(colours, width),
    ...lines,
    ...line,
    ...drawn,
    `<text x="${left + scale / 2}" y="${bottom + 38}" text-anchor="middle" class="s">${escaped(axis)}, logarithmic</text>`,
    '</svg>',
    '',
  ].join('\n');
};

const [ours, theirs] = ['#1677ff', '#8c8c8c'];

/** What the colours stand for, right of the title. */
const key = ([own, other]: Words['colours'], width: number): readonly string[] =>
  [
    { text: own, colour: ours, x: width - 300 },
    { text: other, colour: theirs, x: width - 170 },
  ].map(
    ({ text, colour, x }) =>
      `<rect x="${x}" y="16" width="12" height="12" rx="2" fill="${colour}"/><text x="${x + 18}" y="26">${escaped(text)}</text>`,
  );

const superscript = (n: number): string => [...String(n)].map((c) => (c === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? c))).join('');
