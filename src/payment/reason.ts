// Why a bank sends money back: the codes we know, with the likely cause and what to do. ISO 20022 external codes and the words of Chinese banks, one table.

export interface ReturnReason {
  readonly code: string;
  readonly text: string;
  readonly fix: string;
  /** The same account may be used again once the reason is gone (a card that is activated by now). */
  readonly sameAccount: boolean;
  /** ISO 20022 ExternalStatusReason1Code / ExternalReturnReason1Code. */
  readonly iso: readonly string[];
  /** Words banks write. */
  readonly words: readonly string[];
}

export const returnReasons: readonly ReturnReason[] = [
  {
    code: 'name',
    text: '户名不符',
    fix: '核对收款人姓名和账户户名，常见是生僻字、间隔号或曾用名。',
    sameAccount: true,
    iso: ['BE01', 'BE05', 'AC14'],
    words: ['户名不符', '户名不一致', '姓名不符'],
  },
  {
    code: 'no-account',
    text: '账号不存在',
    fix: '请收款人重新提供账号。',
    sameAccount: false,
    iso: ['AC01', 'AC02', 'AC03'],
    words: ['账号不存在', '账户不存在', '账号有误', '无此账号'],
  },
  { code: 'closed', text: '账户已销户', fix: '请收款人提供新的账户。', sameAccount: false, iso: ['AC04', 'AC07'], words: ['销户'] },
  {
    code: 'frozen',
    text: '账户冻结',
    fix: '请收款人向开户行了解，或换一个账户。',
    sameAccount: true,
    iso: ['AC06'],
    words: ['冻结', '止付'],
  },
  {
    code: 'dormant',
    text: '睡眠户（久悬户）',
    fix: '请收款人到银行激活账户后重发。',
    sameAccount: true,
    iso: ['AC16'],
    words: ['睡眠', '久悬', '不动户'],
  },
  {
    code: 'not-active',
    text: '社保卡金融功能未激活',
    fix: '请收款人带社保卡到银行网点激活后重发。',
    sameAccount: true,
    iso: ['AC13'],
    words: ['未激活', '金融功能'],
  },
  {
    code: 'limit',
    text: '账户限额（Ⅱ、Ⅲ类户）',
    fix: '请收款人提供Ⅰ类户，或分次发放。',
    sameAccount: false,
    iso: ['AM14', 'AM02'],
    words: ['限额', '类户'],
  },
  {
    code: 'bank-code',
    text: '联行号错误',
    fix: '核对开户行和 12 位联行号后重发。',
    sameAccount: true,
    iso: ['RC01', 'RC04', 'AGNT'],
    words: ['联行号', '行号'],
  },
  { code: 'other', text: '其他原因', fix: '向代理银行了解原因。', sameAccount: true, iso: [], words: [] },
];

const other = returnReasons.at(-1) as ReturnReason;

/** By the bank's code, else by its words; what nobody knows is `other`, with the bank's own words kept beside it. */
export const returnReasonOf = (code: string | null, words: string | null): ReturnReason =>
  returnReasons.find((reason) => code !== null && reason.iso.includes(code)) ??
  returnReasons.find((reason) => reason.words.some((word) => words?.includes(word) === true)) ??
  other;

/** Reasons that say the account itself cannot be paid as it stands; a wrong bank code or an unknown reason says nothing of it. */
const faults: ReadonlySet<string> = new Set(['name', 'no-account', 'closed', 'frozen', 'dormant', 'not-active', 'limit']);
export const accountAtFault = (code: string | null): boolean => code !== null && faults.has(code);
