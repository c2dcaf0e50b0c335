// Workbooks for tests: made part by part, so that a test may put anything into any part.
import { crc32, deflateRawSync } from 'node:zlib';
import { writeZip, type ZipPart } from '../../src/sheet/zip-write.ts';

export interface Parts {
  /** XML of `sheetData`'s inside, by sheet name. */
  readonly sheets?: Readonly<Record<string, string>>;
  readonly hidden?: readonly string[];
  readonly shared?: string;
  /** Number formats of style 0, 1, …: a built-in id, or a code. */
  readonly formats?: readonly (number | string)[];
  readonly date1904?: boolean;
  /** Takes the place of a part, or adds one. */
  readonly parts?: Readonly<Record<string, string | Iterable<string>>>;
}

export const collected = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A workbook as another program might write it: shared strings, number formats, hidden sheets. */
export const workbookOf = (given: Parts): Promise<Buffer> => {
  const { sheets = { Sheet1: '' }, hidden = [], formats = [], shared } = given;
  const names = Object.keys(sheets);
  const own = formats.flatMap((f, i) =>
    typeof f === 'string' ? [`<numFmt numFmtId="${164 + i}" formatCode="${f.replaceAll('"', '&quot;')}"/>`] : [],
  );
  const xfs = formats.map((f, i) => `<xf numFmtId="${typeof f === 'string' ? 164 + i : f}"/>`);
  const parts: Record<string, string | Iterable<string>> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${relationships}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook ${main} xmlns:r="${office}">${given.date1904 === true ? '<workbookPr date1904="1"/>' : ''}<sheets>${names
      .map((n, i) => `<sheet name="${n}" sheetId="${i + 1}" r:id="s${i + 1}"${hidden.includes(n) ? ' state="hidden"' : ''}/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relationships}">${names
      .map((_, i) => `<Relationship Id="s${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join(
        '',
      )}<Relationship Id="st" Type="${office}/styles" Target="styles.xml"/><Relationship Id="sh" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet ${main}><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>${xfs.join('')}</cellXfs></styleSheet>`,
    ...(shared === undefined ? {} : { 'xl/sharedStrings.xml': `<sst ${main}>${shared}</sst>` }),
    ...Object.fromEntries(
      names.map((n, i) => [`xl/worksheets/sheet${i + 1}.xml`, `<worksheet ${main}><sheetData>${sheets[n]}</sheetData></worksheet>`]),
    ),
    ...given.parts,
  };
  return collected(
    writeZip(Object.entries(parts).map(([name, text]): ZipPart => ({ name, text: typeof text === 'string' ? [text] : text }))),
  );
};

export interface Entry {
  readonly name: string;
  readonly data: Buffer;
  readonly packed?: Buffer;
  readonly size?: number;
  readonly crc?: number;
  /** Another place than its own in the directory. */
  readonly offset?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** An archive written byte by byte, so that it can lie. */
export const zipOf = (entries: readonly Entry[], comment = ''): Buffer => {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const packed = entry.packed ?? deflateRawSync(entry.data);
    const name = Buffer.from(entry.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags ?? 0, 2);
    fields.writeUInt16LE(entry.method ?? 8, 4);
    fields.writeUInt32LE(entry.crc ?? crc32(entry.data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.size ?? entry.data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(entry.offset ?? at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, name]));
    pieces.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...pieces, listed, end, Buffer.from(comment)]);
};
