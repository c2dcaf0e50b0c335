// What kind of file the bytes are: by the bytes, never by the name. What we do not read is named, with the way to a file we do.
import { fail, type Problem, problem } from '../base/problem.ts';

const save = '请在表格软件里另存为“Excel 工作簿（.xlsx）”或“CSV UTF-8（逗号分隔）”后重新导入。';
const original = '请向报送部门要原来的表格文件（.xlsx 或 .csv）。';

interface Known {
  readonly starts: readonly number[];
  readonly at?: number;
  readonly what: string;
  readonly hint: string;
}

const ascii = (text: string): readonly number[] => [...text].map((c) => c.charCodeAt(0));

/** First bytes that tell a kind apart. */
const known: readonly Known[] = [
  {
    starts: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    what: '旧版 Office 文件（.xls、.et、.doc）或加了密码的工作簿',
    hint: `如有密码请先取消密码。${save}`,
  },
  { starts: ascii('%PDF-'), what: 'PDF 文件', hint: original },
  { starts: [0x89, ...ascii('PNG')], what: '图片（PNG）', hint: original },
  { starts: [0xff, 0xd8, 0xff], what: '图片（JPEG）', hint: original },
  { starts: ascii('GIF8'), what: '图片（GIF）', hint: original },
  { starts: ascii('BM'), what: '图片（BMP）', hint: original },
  { starts: ascii('RIFF'), what: '多媒体文件', hint: original },
  { starts: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: '压缩包（7z）', hint: '请解压后导入里面的表格。' },
  { starts: ascii('Rar!'), what: '压缩包（rar）', hint: '请解压后导入里面的表格。' },
  { starts: [0x1f, 0x8b, 0x08], what: '压缩文件（gzip）', hint: '请解压后导入里面的表格。' },
  { starts: ascii('ustar'), at: 257, what: '归档文件（tar）', hint: '请解开后导入里面的表格。' },
  { starts: ascii('SQLite format 3'), what: '数据库文件（SQLite）', hint: original },
  { starts: [0x7f, ...ascii('ELF')], what: '程序文件', hint: original },
  { starts: ascii('MZ'), what: '程序文件', hint: original },
];

/** Names inside an archive that tell what it is; `xl/workbook.xml` is the one we read. */
const inside: readonly (readonly [RegExp, string, string])[] = [
  [/^xl\/workbook\.bin$/, '二进制工作簿（.xlsb）', save],
  [/^word\//, 'Word 文档（.docx）', `请把里面的表格复制到表格软件。${save}`],
  [/^ppt\//, '演示文稿（.pptx）', original],
  [/^(?:content\.xml|mimetype)$/, 'OpenDocument 文件（.ods、.odt）', save],
  [/^(?:OFD\.xml|Doc_0\/)/, '版式文件（OFD）', original],
];

const fileKind = (what: string, hint: string): Problem =>
  problem('import.file-kind', '', `这是${what}，不是可以导入的表格文件，没有导入。`, hint);

/** `zip` may be a workbook (see `refuseArchive`); everything else but text is refused (`import.file-kind`, `import.encoding` for UTF-16). */
export const kindOf = (head: Uint8Array): 'zip' | 'text' => {
  const begins = (starts: readonly number[], at = 0): boolean => starts.every((byte, i) => head[at + i] === byte);
  if (begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6])) return 'zip';
  const found = known.find((k) => begins(k.starts, k.at) && !isPlainText(k.starts, head));
  if (found !== undefined) return fail('import.file-kind', '', fileKind(found.what, found.hint).message, found.hint);
  if (begins([0xff, 0xfe]) || begins([0xfe, 0xff])) {
    fail('import.encoding', '1', '文件是 UTF-16（“Unicode 文本”）编码，没有导入。', '请另存为“CSV UTF-8（逗号分隔）”后重新导入。');
  }
  const text = Buffer.from(head)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .slice(0, 200)
    .toLowerCase();
  if (/^<(?:!doctype|html|table|meta|head|\?xml|style|div)/.test(text)) {
    const what = text.startsWith('<?xml') ? 'XML 文件（有的系统导出时也叫 .xls）' : '网页（有的系统导出时也叫 .xls）';
    fail('import.file-kind', '', fileKind(what, save).message, save.replace('在表格软件里', '用表格软件打开，'));
  }
  return 'text';
};

/** `BM` and `MZ` may begin a line of text; a picture or a program has other bytes soon after. */
const isPlainText = (starts: readonly number[], head: Uint8Array): boolean => starts.length === 2 && !head.subarray(0, 64).includes(0);

/** Why an archive without `xl/workbook.xml` is not read. */
export const archiveProblem = (names: readonly string[]): Problem => {
  for (const [pattern, what, hint] of inside) if (names.some((name) => pattern.test(name))) return fileKind(what, hint);
  return fileKind('压缩包（zip）', '请解压后导入里面的表格。');
};
