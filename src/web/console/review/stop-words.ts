// Why somebody's benefit is stopped, and what the heir of somebody is to them, in words.
export const stopKinds = { death: '去世', moved: '迁出', 'not-entitled': '不再符合条件', other: '其他' } as const;
export const heirRelations = {
  ...{ spouse: '配偶', child: '子女', parent: '父母', sibling: '兄弟姐妹', 'other-heir': '其他继承人', carer: '照料人' },
} as const;

export const optionsOf = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));
