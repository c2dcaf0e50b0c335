// Money: bigint 分 inside, yuan only at the edges. Reading is exact or refused; writing is as on a Chinese voucher.

/** `1234.5`, `1,234.50`, `-3` → 分; null for anything else: more than two decimals that are not zero, other signs, groups that are not thousands. */
export const parseYuan = (text: string): bigint | null => {
  const m = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2})0*)?$/.exec(text);
  if (m === null) return null;
  const fen = BigInt(`${(m[2] as string).replaceAll(',', '')}${(m[3] ?? '').padEnd(2, '0')}`);
  return m[1] === '-' ? -fen : fen;
};

/** 分 as plain decimal text in yuan, two decimals: `-1234.50`. For files and JSON. */
export const yuanText = (fen: bigint): string => {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ',');

/** `1,234.50`, for columns headed 元. */
export const figureYuan = (fen: bigint): string => formatYuan(fen).split(' ', 1)[0] as string;

/** To take in at a glance: `4,034.03 万元` from a million yuan on, rounded half up; below that exact, `1,234.50 元`. Where it stands the exact sum stands too. */
export const roundYuan = (fen: bigint): string => {
  const size = fen < 0n ? -fen : fen;
  return size < million ? formatYuan(fen) : `${fen < 0n ? '-' : ''}${figureYuan((size + 5_000n) / 10_000n)} 万元`;
};

const million = 100_000_000n;

/** `1,234.50 元`; from a million yuan on also in 万元, as documents speak: `2,000,000.00 元（200 万元）`. */
export const formatYuan = (fen: bigint): string => {
  const plain = yuanText(fen);
  const sign = fen < 0n ? '-' : '';
  const [whole = '', cents = ''] = plain.replace('-', '').split('.');
  const text = `${sign}${grouped(whole)}.${cents} 元`;
  const size = fen < 0n ? -fen : fen;
  return size >= million ? `${text}（${sign}${tenThousands(size)} 万元）` : text;
};

/** Exact: one 万元 is a million 分, so six decimals at most; trailing zeros are left away. */
const tenThousands = (fen: bigint): string => {
  const decimals = (fen % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  const whole = grouped((fen / 1_000_000n).toString());
  return decimals === '' ? whole : `${whole}.${decimals}`;
};

const numerals = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿', '万亿', '亿亿'];

/** 大写 as on cheques and vouchers (支付结算办法): `人民币壹仟贰佰叁拾肆元伍角整`; 负 before negatives. Throws RangeError beyond 10^20 元. */
export const yuanInCapitals = (fen: bigint): string => {
  const size = fen < 0n ? -fen : fen;
  const whole = (size / 100n).toString();
  if (whole.length > 20) throw new RangeError('amount beyond 10^20');
  const jiao = Number((size / 10n) % 10n);
  const cent = Number(size % 10n);
  const head = `人民币${fen < 0n ? '负' : ''}`;
  const yuan = whole === '0' ? '' : `${wholeInCapitals(whole)}元`;
  if (jiao === 0 && cent === 0) return `${head}${yuan === '' ? '零元' : yuan}整`;
  const jiaoText = jiao > 0 ? `${numerals[jiao]}角` : yuan === '' ? '' : '零';
  return `${head}${yuan}${jiaoText}${cent > 0 ? `${numerals[cent]}分` : '整'}`;
};

const wholeInCapitals = (whole: string): string => {
  let text = '';
  let zero = false;
  const count = Math.ceil(whole.length / 4);
  const padded = whole.padStart(count * 4, '0');
  for (let g = 0; g < count; g++) {
    const four = padded.slice(g * 4, g * 4 + 4);
    for (let i = 0; i < 4; i++) {
      const digit = Number(four[i]);
      if (digit === 0) zero = text !== '';
      else {
        text += `${zero ? '零' : ''}${numerals[digit]}${places[3 - i]}`;
        zero = false;
      }
    }
    if (four !== '0000') text += groups[count - 1 - g];
  }
  return text;
};
