// Texts read before anybody else reads them: the shipped ones are without a finding, and each kind of fault is found where it stands.
import { describe, expect, it } from 'vitest';
import { fill } from '../../src/notice/field.ts';
import type { Letter } from '../../src/notice/letters-store.ts';
import { lintWording, longestShort, sampleFrame, sampleTold } from '../../src/notice/lint.ts';
import { codeIn, render } from '../../src/notice/template.ts';
import { type TemplateName, templates, type Wording } from '../../src/notice/template-table.ts';
import { lettersPage } from '../../src/web/letters.ts';

const names = Object.keys(templates) as TemplateName[];
const found = (over: Partial<Wording>, template: TemplateName = 'confirm', office = true) =>
  lintWording(template, { ...templates[template], ...over }, office).map((one) => `${one.code} ${one.at}`.trim());

describe('the lint of texts', () => {
  it('finds nothing in what is shipped', () => {
    for (const name of names) expect(lintWording(name, templates[name], true), name).toEqual([]);
  });

  it('finds each fault where it stands', () => {
    const { body, short } = templates.confirm;
    expect(found({ subject: '{金鹅}请确认' })).toEqual(['input.notice-field /subject']);
    expect(found({ body: `${body}{` })).toEqual(['input.notice-shape /body']);
    expect(found({ body: `${body}[在[{截止日}]前]` })).toEqual(['input.notice-shape /body']);
    expect(found({ subject: '请确认\nBcc: x' })).toEqual(['input.notice-shape /subject', 'input.notice-words /subject']);
    expect(found({ subject: ' ' })).toEqual(['input.notice-shape /subject']);
    expect(found({ body: `尊敬的{姓名}，${body}` })).toEqual(['input.notice-words /body']);
    expect(found({ body: `${body}状态为confirmed。` })).toEqual(['input.notice-words /body']);
    expect(found({ body: `${body}详见 www.example.cn` })).toEqual(['input.notice-link /body']);
    expect(found({ body: `${body}电话 0871-68910000。` })).toEqual(['input.notice-words /body']);
    expect(found({ body: '{称呼}可领取{事项}。到期没有确认，视同放弃。' })).toEqual([
      'input.notice-vital /body',
      'input.notice-vital /body',
    ]);
    expect(found({ body: body.replaceAll('视同放弃', '不再保留') })).toEqual(['input.notice-vital /body']);
    expect(found({ short: short.repeat(6) })).toEqual(['input.notice-length /short']);
    expect(found({}, 'confirm', false)).toEqual(['input.notice-office']);
  });

  it('names the field that was meant', () => {
    const [one] = lintWording('confirm', { ...templates.confirm, subject: '{截至日}' }, true);
    expect(one?.hint).toContain('{截止日}');
  });

  it('a message stays a message, however long the words of whoever decided', () => {
    for (const name of names)
      expect(
        render(name, { ...sampleTold, reason: '因为'.repeat(300), gaps: Array(20).fill('缺一份很长很长的材料') }, sampleFrame).short.length,
        name,
      ).toBeLessThanOrEqual(longestShort + 60);
  });
});

describe('texts are filled', () => {
  it('a passage with an empty place falls away whole, what stands in a value is no place', () => {
    expect(fill('{称呼}的{事项}[ {金额}]已核定[，{变动}]。', { ...sampleTold, amountFen: null, kind: 'first' })).toBe(
      '您的一次性吸纳就业困难人员补贴已核定。',
    );
    expect(fill('[因为{理由}]', { ...sampleTold, reason: '[{金额}]' })).toBe('因为[{金额}]');
    expect(fill('{姓名}：[{金额}]', { ...sampleTold, name: '{金额}[{事项}]', amountFen: 100n })).toBe('{金额}[{事项}]：1.00 元');
  });

  it('the code is the one we wrote, whatever a name looks like', () => {
    const { body } = render('matched', { ...sampleTold, name: '张三 查验码 2222-2222-2222' }, { ...sampleFrame, code: 'ABCD-EFGH-JKMN' });
    expect(codeIn(body)).toBe('ABCD-EFGH-JKMN');
  });
});

it('printed letters show hostile names as text and carry their code', async () => {
  const told = { ...sampleTold, name: '<script>alert(1)</script>\u202e' };
  const { subject, body, short } = render('matched', told, { ...sampleFrame, code: 'ABCD-EFGH-JKMN' });
  const page = String(await lettersPage([{ subject, body, short, village: '530128001' } as Letter], (code) => `<b>${code}</b>`));
  expect(page).not.toMatch(/<script|<b>530128001|\u202e/);
  expect(page).toContain('<span class="code">ABCD-EFGH-JKMN</span>');
  expect(page).not.toMatch(/https?:/);
});
