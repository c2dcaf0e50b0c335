// What is read out to whoever called: it names nobody the caller is not, and promises of money only what comes by itself.
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/policy/item.ts';
import { type Answering, replyText } from '../../src/web/call-reply.ts';

const asked = (mode: Item['mode'], verdict: 'eligible' | 'ineligible', name: string | null = null): Answering => ({
  name,
  items: [
    {
      published: { itemId: 'a', item: { title: '甲项补贴', authority: '甲县农业局', mode, basis: { document: '甲文件' } } },
      answer: { verdict, periodKey: '2026-04', amountFen: verdict === 'eligible' ? 12_000n : null },
      reason: null,
      missing: [],
    },
  ] as unknown as Answering['items'],
  disbursements: [],
  payments: [],
  itemId: 'a',
  period: null,
});

describe('the reply to a caller', () => {
  it('speaks to a person without a name that cannot be read out, and names a firm', () => {
    expect(replyText(asked('auto', 'eligible'))).toMatch(/^您好，您的情况核对如下。\n甲项补贴（2026年4月）：符合条件，金额 120.00 元。/);
    expect(replyText(asked('auto', 'eligible', '甲县面粉厂'))).toContain('您好，甲县面粉厂的情况核对如下。');
  });

  it('does not promise what has to be applied for elsewhere', () => {
    const text = replyText(asked('push', 'eligible'));
    expect(text).toContain('照现有数据估算 120.00 元。这一项要您向甲县农业局申请');
    expect(text).not.toContain('符合条件，金额');
  });

  it.each<[Item['mode'], string]>([
    ['auto', '会自动办理，不用申请'],
    ['confirm', '请您确认一下就办'],
    ['apply', '备好表单请您提交'],
    ['push', '会告诉您怎样申请'],
    [[{ when: {} as never, mode: 'auto' }, { mode: 'confirm' }] as never, '请您确认一下就办'],
  ])('says of the way %j what comes once the conditions are met', (mode, words) => {
    expect(replyText(asked(mode, 'ineligible'))).toContain(words);
  });
});
