// What an example may say beyond one person's facts: the day on which it is looked at, what was paid before, who else is there where ranks and pools are asked, and
// more of what is expected.
import { Button, InputNumber } from 'antd';
import { below, drop, get, insert, isJson, set } from './document.ts';
import { FactsForm } from './facts-form.tsx';
import { modes } from './identity-shapes.ts';
import type { Keep } from './keep.ts';
import type { Field } from './shape.ts';
import { FieldRows } from './shape-form.tsx';

interface Given {
  readonly at: string;
  readonly keep: Keep;
  readonly reads: readonly string[];
}

const text = (key: string, label: string, hint: string, optional = false): Field => ({
  key,
  label,
  shape: { kind: 'text', hint },
  ...(optional ? { fresh: '' } : {}),
});

const around: readonly Field[] = [
  { key: 'knownAt', label: '按哪天的数据', shape: { kind: 'day' }, fresh: '' },
  {
    key: 'paid',
    label: '以前发过',
    shape: {
      kind: 'list',
      one: '笔',
      fresh: { item: '', amount: '0.00' },
      of: {
        kind: 'record',
        fields: [
          text('item', '事项', '编号'),
          text('amount', '金额', '120.00'),
          text('period', '所属期', '2026-01', true),
          text('key', '哪一件', '编号', true),
        ],
      },
    },
    fresh: [{ item: '', amount: '0.00' }],
    hint: '公式里看已发金额的才写',
  },
];

const expected: readonly Field[] = [
  { key: 'missing', label: '预期缺哪些', shape: { kind: 'texts', hint: '指标的名字' }, fresh: [], hint: '待核时缺的指标' },
  {
    key: 'mode',
    label: '预期怎么兑现',
    shape: { kind: 'choice', options: Object.entries(modes).filter(([mode]) => mode !== 'push') },
    fresh: 'auto',
  },
];

/** Who else is there; `times` stands for that many alike. */
const Population = ({ at, keep, reads }: Given) => {
  const list = get(keep.item, at);
  const rows: readonly unknown[] = Array.isArray(list) ? list : [];
  return (
    <section>
      <h4>还有哪些人（单位）一起排、一起分</h4>
      {rows.map((row, i) => {
        const here = below(at, i);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: one of many is named by its place
          <details key={i} className="other-one">
            <summary>
              第 {i + 1} 种，{isJson(row) && typeof row.times === 'number' ? row.times : 1} 个
            </summary>
            <div className="leaf">
              有
              <InputNumber
                aria-label={`第 ${i + 1} 种有几个`}
                style={{ width: 80 }}
                min={1}
                max={500}
                precision={0}
                controls={false}
                value={isJson(row) && typeof row.times === 'number' ? row.times : 1}
                onChange={(n) =>
                  keep.change((item) => set(item, below(here, 'times'), n === null || n === 1 ? undefined : n), `${here}/times`)
                }
              />
              个一样的
              <Button size="small" type="text" onClick={() => keep.change((item) => drop(item, here))}>
                删去这一种
              </Button>
            </div>
            <FactsForm at={below(here, 'facts')} reads={reads} keep={keep} />
          </details>
        );
      })}
      <Button size="small" onClick={() => keep.change((item) => insert(item, at, rows.length, { facts: {} }))}>
        加一种人
      </Button>
    </section>
  );
};

export const MoreOfExample = ({ at, keep, reads }: Given) => {
  const { item } = keep;
  const expect = get(item, below(at, 'expect'));
  const verdict = isJson(expect) ? expect.verdict : null;
  const closes = isJson(item.facts) && Object.values(item.facts).some((one) => isJson(one) && ('rank' in one || 'pool' in one));
  const asked = expected.filter(
    ({ key }) =>
      (isJson(expect) && expect[key] !== undefined) ||
      (key === 'missing' ? verdict === 'undetermined' : verdict === 'eligible' && Array.isArray(item.mode)),
  );
  const place = below(at, 'population');
  return (
    <div className="example-more">
      <FieldRows fields={asked} at={below(at, 'expect')} keep={keep} />
      <FieldRows fields={around} at={at} keep={keep} />
      {closes || get(item, place) !== undefined ? <Population at={place} keep={keep} reads={reads} /> : null}
    </div>
  );
};
