// Where a batch and a line may stand, and the words for it. Pure, so that a browser reads the same table.
export type BatchState = 'sealed' | 'approved' | 'released' | 'cancelled' | 'closed';

/** sealed: frozen, waits for checkers · approved: its quorum is there · released: signed, the file may leave · closed: every line's end is known. */
export const batchStates = {
  sealed: { text: '待复核', next: ['approved', 'cancelled'] },
  approved: { text: '待签发', next: ['released', 'cancelled'] },
  released: { text: '已签发', next: ['closed'] },
  cancelled: { text: '已退回', next: [] },
  closed: { text: '已对平', next: [] },
} as const satisfies Record<BatchState, { text: string; next: readonly BatchState[] }>;

/** withheld: left out at release · cancelled: its batch was sent back · sent · accepted: the bank has taken the order · paid · returned · unknown. */
export type LineEventKind = 'withheld' | 'cancelled' | 'sent' | 'accepted' | 'paid' | 'returned' | 'unknown';

export const lineEventNames = {
  withheld: '签发时扣下',
  cancelled: '退回批次',
  sent: '已报盘',
  accepted: '银行已受理',
  paid: '已到账',
  returned: '退汇',
  unknown: '状态不明',
} as const satisfies Record<LineEventKind, string>;

export const fundingNatures = { budget: '预算资金', transfer: '转移支付', insurance: '保险基金' } as const;
export const fundingLevels = { central: '中央', province: '省级', city: '市级', county: '县级' } as const;

export type SignatureRole = 'maker' | 'checker' | 'issuer';

export const signatureNames = { maker: '经办', checker: '复核', issuer: '签发' } as const satisfies Record<SignatureRole, string>;
