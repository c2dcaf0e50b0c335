// What may have happened to a payment in a month, and the words for it. Pure, so that a browser reads the same table.
/** sealed: into a batch · withheld: out of it again before it left · paid · returned · open: in a batch or at the bank when the month ended. */
export const monthKindNames = { sealed: '封批', withheld: '签发前退出', paid: '到账', returned: '退汇', open: '月末在途' } as const;
export type MonthKind = keyof typeof monthKindNames;
export const monthKinds = Object.keys(monthKindNames) as [MonthKind, ...MonthKind[]];
