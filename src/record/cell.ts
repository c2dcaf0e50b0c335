// One delivered cell: its text by the catalogue's type, or why it cannot be accepted. Whatever looks like another kind of value is refused, not guessed.
import {
  isAccount,
  isCitizenId,
  isEmail,
  isPhone,
  isScientific,
  isUscc,
  maskEmail,
  maskId,
  maskName,
  maskText,
  plainCode,
} from '../base/codes.ts';
import { parseDay, parsePeriodKey } from '../base/day.ts';
import type { Column, Field } from '../catalogue/catalogue.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import type { CellValue } from './record.ts';

/** What is wrong with a cell; `masked` is all that may be shown of it. */
export interface Fault {
  readonly code: `import.${string}`;
  readonly message: string;
  readonly hint: string;
  readonly masked: string;
  /** A warning lets the row in. */
  readonly warning?: true;
}

export type CellReader = (text: string) => { readonly v: CellValue } | { readonly fault: Fault };

/** What a column holds, as far as reading a cell needs it. */
export interface CellType {
  readonly type: Field['type'];
  readonly values?: readonly string[] | undefined;
  readonly tree?: TreeIndex | undefined;
  readonly every?: 'year' | 'quarter' | 'month' | undefined;
  readonly format?: Column['format'] | undefined;
  readonly separator?: string | undefined;
  /** Names of people are hidden in reports. */
  readonly isName?: boolean | undefined;
}

export const maxCellLength = 4096;

const badCharacter = /[\p{Cc}\p{Cs}\ufffd\ufeff\u2028\u2029]/u;

/** What spreadsheets show where a formula has no value, and our own word for one that was never worked out (sheet/row.ts). */
const errorValue = /^#(?:N\/A|REF!|DIV\/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|UNCALCULATED!)$/;

const maskFor = ({ format, isName }: CellType): ((text: string) => string) => {
  if (format === 'email') return maskEmail;
  if (format !== undefined) return (text) => (isScientific(text) ? text : maskId(text.slice(0, 40)));
  return isName ? (text) => maskName(text.slice(0, 20)) : (text) => (/^\d{4}\D?\d{1,2}\D?\d{1,2}\D?$/.test(text) ? text : maskText(text));
};

/** Trims the cell and reads it; the empty cell is the caller's business (unknown or none). */
export const cellReader = (type: CellType): CellReader => {
  const mask = maskFor(type);
  const read = type.format === undefined ? plainReader(type) : formatReader(type.format);
  return (text) => {
    if (text.length > maxCellLength)
      return refuse('huge', mask(text.slice(0, 200)), `内容超过 ${maxCellLength} 个字符`, '请检查是否串行或缺少引号。');
    if (text.charCodeAt(0) === 35 && errorValue.test(text)) return formulaFault;
    if (badCharacter.test(text)) {
      return text.includes('\ufffd')
        ? refuse('encoding', '', '有无法识别的字符', '请把文件另存为 UTF-8 编码后重新导入。')
        : refuse('control', '', '含有换行、制表或其他控制字符', '请删除单元格里的换行和不可见字符。');
    }
    const answer = read(text);
    return 'v' in answer ? answer : { fault: { ...answer.fault, masked: mask(text) } };
  };
};

const refuse = (code: string, masked: string, message: string, hint: string): { readonly fault: Fault } => ({
  fault: { code: `import.${code}`, message, hint, masked },
});

const formulaFault = refuse(
  'formula',
  '',
  '是公式，但文件里没有它的值（或公式出错）',
  '请在表格软件里打开、重新计算并保存，或把公式改成数值后重新导入。',
);

const wrong = (code: string, message: string, hint: string): { readonly fault: Fault } => refuse(code, '', message, hint);

const scientific = wrong(
  'scientific',
  '长号码被表格软件变成了科学计数，原来的数字已经丢失',
  '请在表格里把这一列设为“文本”格式，重新填写原号码。',
);

const formatReader = (format: NonNullable<Column['format']>): CellReader => {
  const rules = {
    'citizen-id': [isCitizenId, 'citizen-id', '不是有效的公民身份号码（位数、日期或校验码不对）', '请核对证件，号码应为 18 位。'],
    uscc: [isUscc, 'uscc', '不是有效的统一社会信用代码（位数、字符或校验码不对）', '请核对营业执照，代码应为 18 位。'],
    account: [isAccount, 'account', '不是有效的银行账号', '账号应为 6 至 32 位数字，请按文本填写。'],
    phone: [isPhone, 'phone', '不是有效的电话号码', '手机应为 11 位，固定电话要带区号。'],
    email: [isEmail, 'email', '不是有效的电子邮箱', '请核对邮箱地址。'],
  } as const;
  const [valid, code, message, hint] = rules[format];
  if (format === 'email') return (text) => (valid(text) ? { v: text } : wrong(code, message, hint));
  return (text) => {
    const plain = plainCode(text);
    if (valid(plain)) return { v: plain };
    return isScientific(plain) ? scientific : wrong(code, message, hint);
  };
};

const plainReader = (type: CellType): CellReader => {
  switch (type.type) {
    case 'number':
      return readNumber;
    case 'boolean':
      return readBoolean;
    case 'date':
      return readDate;
    case 'category':
      return categoryReader(type.values);
    case 'code':
      return codeReader(type.tree);
    case 'text':
      return (text) => (isScientific(text) ? scientific : { v: text });
    case 'set':
      return setReader(type);
    case 'series':
      return seriesReader(type);
  }
};

/** Decimal text without needless zeros, so that 60, 60.0 and 060 are one value and an unchanged row stays unchanged. */
const canonicalNumber = (text: string): string => {
  const negative = text.startsWith('-');
  const [whole = '', decimals = ''] = text.replace(/^[+-]/, '').split('.');
  const w = whole.replace(/^0+(?=\d)/, '');
  const d = decimals.replace(/0+$/, '');
  const size = d === '' ? w : `${w}.${d}`;
  return negative && size !== '0' ? `-${size}` : size;
};

/** Already as short as it can be: a whole number, or decimals that do not end in a zero. */
const plainNumber = /^(?:0|-?[1-9]\d{0,30}|-?(?:0|[1-9]\d{0,30})\.\d{0,30}[1-9])$/;

const readNumber: CellReader = (text) => {
  if (plainNumber.test(text)) return { v: text };
  const bare = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  if (/^[+-]?\d{1,31}(?:\.\d{1,31})?$/.test(bare)) return { v: canonicalNumber(bare) };
  return isScientific(text) ? scientific : wrong('number', '不是数字', '请填阿拉伯数字，不带单位，例如 1234.50。');
};

/** A number in another unit than the dataset's, as `read` gives it, times ten to the `scale`; exact. */
export const scaledReader =
  (read: CellReader, scale: number): CellReader =>
  (text) => {
    const answer = read(text);
    return 'v' in answer && typeof answer.v === 'string' ? { v: shifted(answer.v, scale) } : answer;
  };

const shifted = (number: string, by: number): string => {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(number) ?? [];
  const digits = whole + decimals;
  const point = whole.length + by;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return canonicalNumber(`${sign}${padded.slice(0, at)}.${padded.slice(at)}0`);
};

const truths = new Map<string, boolean>([
  ...['是', '有', 'true', 'TRUE', '1', 'Y', 'y'].map((t) => [t, true] as const),
  ...['否', '无', 'false', 'FALSE', '0', 'N', 'n'].map((t) => [t, false] as const),
]);

const readBoolean: CellReader = (text) => {
  const truth = truths.get(text);
  return truth === undefined ? wrong('boolean', '不是“是”或“否”', '请填“是”或“否”。') : { v: truth };
};

/** The ways of writing a day that leave no doubt which is the month. */
const dayForms = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/;

const readDate: CellReader = (text) => {
  const direct = parseDay(text);
  if (direct !== null) return { v: direct };
  const m = dayForms.exec(text);
  if (m === null) return wrong('date', '不是日期', '请按“2026-01-31”填写。');
  const [month, day] = m.slice(2).filter((part) => part !== undefined);
  const parsed = parseDay(`${m[1]}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`);
  return parsed === null ? wrong('date', '这一天不存在', '请核对月份和日期。') : { v: parsed };
};

const listed = (values: readonly string[]): string => (values.length <= 8 ? values.join('、') : `${values.slice(0, 8).join('、')} 等`);

const categoryReader = (values: readonly string[] | undefined): CellReader => {
  if (values === undefined) return (text) => ({ v: text });
  const known = new Set(values);
  const fault = wrong('category', '不在目录允许的取值之内', `只能填：${listed(values)}。`);
  return (text) => (known.has(text) ? { v: text } : fault);
};

const codeReader = (tree: TreeIndex | undefined): CellReader => {
  const fault = wrong('code', '代码不在代码表里', '请核对代码；新设的代码要先登记到代码表。');
  return (text) => {
    if (tree === undefined || tree.has(text)) return { v: text };
    return isScientific(text) ? scientific : fault;
  };
};

const setReader = ({ values, separator }: CellType): CellReader => {
  const known = values === undefined ? null : new Set(values);
  const fault = wrong('category', '有一项不在目录允许的取值之内', values === undefined ? '' : `只能填：${listed(values)}。`);
  return (text) => {
    const parts = text
      .split(separator ?? '、')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (known !== null && parts.some((part) => !known.has(part))) return fault;
    return { v: [...new Set(parts)].sort() };
  };
};

const everyKind = { year: 'yearly', quarter: 'quarterly', month: 'monthly' } as const;

/** A period's key `2025`, `2025Q1`, `2025-01`, also written 2025年, 2025年1季度, 2025年1月, 202501; null when it is none or of another length. */
export const readPeriod = (text: string, every: 'year' | 'quarter' | 'month' | undefined): string | null => {
  const m = /^(\d{4})(?:年?|[Qq年第]{1,2}(\d)(?:季度)?|(?:[-/年]?)(\d{1,2})月?)$/.exec(text);
  if (m === null) return null;
  const key = m[2] !== undefined ? `${m[1]}Q${m[2]}` : m[3] !== undefined ? `${m[1]}-${m[3].padStart(2, '0')}` : `${m[1]}`;
  const period = parsePeriodKey(key);
  return period === null || (every !== undefined && period.kind !== everyKind[every]) ? null : key;
};

/** A series inside one cell (a field of a list): `2025-01:3000、2025-02:3100`. */
const seriesReader = ({ every, separator }: CellType): CellReader => {
  return (text) => {
    const series: Record<string, string> = {};
    for (const part of text.split(separator ?? '、')) {
      const [period, amount] = part.split(/[:：=]/, 2).map((side) => side.trim());
      const key = readPeriod(period ?? '', every);
      const number = readNumber(amount ?? '');
      if (key === null || !('v' in number) || key in series)
        return wrong('series', '不是“期间:数字”的列表', '请按“2025-01:3000、2025-02:3100”填写。');
      series[key] = number.v as string;
    }
    return { v: series };
  };
};
