// Pictures for a document: a PNG of a screen brought to a few dozen colours, which is a third of its bytes. Screens are flat: the colours kept are those most
// pixels have, every other becomes the nearest of them.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
/** Enough for text with soft edges. */
const most = 32;

interface Raw {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly rgb: Uint8Array;
}

const paeth = (a: number, b: number, c: number): number => {
  const p = a + b - c;
  const [da, db, dc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return da <= db && da <= dc ? a : db <= dc ? b : c;
};

/** One line as it was before its filter (PNG, section 9). */
const unfilter = (kind: number, line: Uint8Array, above: Uint8Array, step: number): void => {
  for (let i = 0; i < line.length; i++) {
    const left = i < step ? 0 : (line[i - step] as number);
    const up = above[i] as number;
    const corner = i < step ? 0 : (above[i - step] as number);
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] as number;
    line[i] = (line[i] as number) + guess;
  }
};

/** A browser's own pictures: eight bits, colour, not interlaced. */
const readPng = (png: Buffer): Raw => {
  const data: Buffer[] = [];
  let [width, height, step] = [0, 0, 3];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') [width, height, step] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9] === 6 ? 4 : 3];
    if (name === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(data));
  const rgb = new Uint8Array(width * height * 3);
  let above: Uint8Array = new Uint8Array(width * step);
  for (let y = 0; y < height; y++) {
    const start = y * (width * step + 1);
    const line = new Uint8Array(raw.subarray(start + 1, start + 1 + width * step));
    unfilter(raw[start] as number, line, above, step);
    for (let x = 0; x < width; x++) rgb.set(line.subarray(x * step, x * step + 3), (y * width + x) * 3);
    above = line;
  }
  return { width, height, rgb };
};

const chunk = (name: string, body: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
};

/** The same picture in few colours; the same bytes for the same picture. */
export const fewColours = (png: Buffer): Buffer => {
  const { width, height, rgb } = readPng(png);
  const counts = new Map<number, number>();
  const colourAt = (i: number): number => ((rgb[i] as number) << 16) | ((rgb[i + 1] as number) << 8) | (rgb[i + 2] as number);
  for (let i = 0; i < rgb.length; i += 3) counts.set(colourAt(i), (counts.get(colourAt(i)) ?? 0) + 1);
  const kept = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  // Colours too near to one that is kept would crowd out those of marks and buttons.
  const palette: number[] = [];
  const far = (a: number, b: number): number =>
    Math.abs((a >> 16) - (b >> 16)) + Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) + Math.abs((a & 255) - (b & 255));
  for (const apart of [36, 12])
    for (const colour of kept) {
      if (palette.length === most) break;
      if (palette.every((one) => far(one, colour) > apart)) palette.push(colour);
    }
  const place = new Map<number, number>();
  const nearest = (colour: number): number => {
    let best = 0;
    for (let i = 1; i < palette.length; i++) if (far(palette[i] as number, colour) < far(palette[best] as number, colour)) best = i;
    return best;
  };
  for (const colour of counts.keys()) place.set(colour, nearest(colour));
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = place.get(colourAt((y * width + x) * 3)) as number;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]));
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
