// Workbooks for tests: made part by part, so that a test may put anything into any part.
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
