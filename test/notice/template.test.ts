// What people read: every template in every circumstance holds name, title, amount and what to do, and none of the words we do not use.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasControl, oneLine } from '../../src/base/invisible.ts';
import type { Told } from '../../src/notice/field.ts';
import { isMailable } from '../../src/notice/notice.ts';
import { badWords, type Frame, render as renderIn } from '../../src/notice/template.ts';
import { type TemplateName, templates } from '../../src/notice/template-table.ts';

const told: Told = {
  name: '张三',
  title: '高龄津贴',
  authority: '测试县民政局',
  document: '测试县高龄津贴办法',
  clause: '第三条',
  audience: 'citizen',
  kind: 'first',
  periodKey: '2026-10',
  amountFen: 12_000n,
  lines: 1,
  account: '6222020000001234',
  dueOn: '2026-11-17',
  gaps: ['缺收款账户'],
  ahead: ['publicity', 'pay'],
  missing: ['户籍所在地'],
  waivedDays: 30,
};
const names = Object.keys(templates) as TemplateName[];
const frame: Frame = {
  office: { name: '测试县民政局', phone: '0871-68910000', address: '测试县屏山街道1号', hours: '工作日 9:00—17:00' },
  code: 'ABCD-EFGH-JKMN',
  issuedOn: '2026-11-10',
};
const render = (template: TemplateName, over: Told) => renderIn(template, over, frame);

describe('templates', () => {
  it('say who, what, how much, by when, what to do', () => {
    expect(render('matched', told)).toEqual({
      subject: '高龄津贴 120.00 元已核定',
      body: '张三：\n您的2026年10月高龄津贴 120.00 元已核定，公示期满没有异议就发到尾号 1234 的账户。不用您办任何手续。\n依据：《测试县高龄津贴办法》第三条。信息有误或不明白，请联系测试县民政局，电话 0871-68910000，地址：测试县屏山街道1号（工作日 9:00—17:00）。\n查验码 ABCD-EFGH-JKMN：到办事窗口、打电话或在直享首页“查验告知”都能查这份告知是真是假。我们不会要求转账，也不会要密码和验证码。\n测试县民政局\n2026年11月10日',
      short:
        '【测试县民政局】张三：您的2026年10月高龄津贴 120.00 元已核定，公示期满没有异议就发到尾号 1234 的账户，不用办手续。电话 0871-68910000，查验码 ABCD-EFGH-JKMN',
    });
    expect(render('confirm', { ...told, ahead: ['confirm', 'pay'] }).body).toContain(
      '请在2026年11月17日前向测试县民政局确认领取；确认后，发到尾号 1234 的账户。到期没有确认，视同放弃',
    );
    expect(render('push', { ...told, audience: 'enterprise', amountFen: null }).body).toContain(
      '贵单位符合高龄津贴的条件。需要申报后才能办理',
    );
    expect(render('asking', told).subject).toBe('高龄津贴 120.00 元还差一项信息');
    expect(render('suspended', told).body).toContain('从2026年10月起暂停发放，因为户籍所在地暂时无法核实');
    expect(render('ended', told).body).toContain('停止发放：按现有数据，已不符合发放条件');
    expect(render('matched', { ...told, lines: 5, kind: 'changed' }).body).toContain('120.00 元（共 5 笔合计）已核定，金额有调整');
  });

  it('hold none of the words we do not use, no account beyond its last four, no line break in the subject', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.record({
          name: fc.option(fc.string({ unit: 'binary' })),
          kind: fc.constantFrom('first', 'changed', 'resumed', 'suspended', 'ended'),
          amountFen: fc.bigInt({ min: 0n, max: 10n ** 12n }),
          periodKey: fc.constantFrom('2026-01', '2026Q3', '2026', 'once', 'E-17'),
          audience: fc.constantFrom('citizen', 'enterprise'),
          account: fc.option(fc.constant('6222020000001234')),
          lines: fc.integer({ min: 1, max: 20 }),
        }),
        (template, over) => {
          const text = render(template, { ...told, ...over } as Told);
          expect(hasControl(text.subject)).toBe(false);
          expect(text.body).not.toContain('622202000000');
          const ours = text.body.slice(over.name === null ? 0 : text.body.indexOf('：') + 1);
          for (const word of badWords)
            if (!(over.name ?? '').includes(word)) expect(ours.includes(word), `${template}: ${word}`).toBe(false);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  it('refuses addresses that are more than one mailbox, and makes one line of any name', () => {
    for (const bad of ['a@b.cn\nBcc: x@y.cn', 'a@b.cn,c@d.cn', 'a b@c.cn', '<a@b.cn>', '', 'nobody', 'a@b.cn\u0000', 'a@b.cn\u2028'])
      expect(isMailable(bad), JSON.stringify(bad)).toBe(false);
    expect(isMailable('someone@example.org')).toBe(true);
    expect(oneLine('甲\r\nBcc: x@y.cn\u202e乙')).toBe('甲 Bcc: x@y.cn乙');
  });
});
