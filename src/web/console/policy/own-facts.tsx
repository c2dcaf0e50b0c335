// Facts of this rule alone: a formula over what is delivered, a condition on a list or a series, a place among everybody, a share of a sum. Conditions and awards
// name them.
import { Button, Input } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { poolShape, rankShape } from './count-shapes.ts';
import { below, drop, freeName, get, isJson, put, set } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { ListFactButton } from './list-condition.tsx';
import { ShapeEditor } from './shape-form.tsx';

const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

interface Given {
  readonly name: string;
  readonly keep: Keep;
}

/** Formulas stand as text until somebody opens them; the editor is heavy. */
const Computed = ({ name, keep }: Given) => {
  const at = below('/facts', name);
  const [open, setOpen] = useState(false);
  return (
    <>
      {open ? null : (
        <button type="button" className="link formula-text" onClick={() => setOpen(true)}>
          {String(get(keep.item, below(at, 'feel')))}
        </button>
      )}
      <ListFactButton name={name} keep={keep} />
      {open ? (
        <div className="formula-open">
          <Suspense fallback={<p className="hint">正在打开公式编辑器…</p>}>
            <Formula at={below(at, 'feel')} keep={keep} />
          </Suspense>
          <Button size="small" type="text" onClick={() => setOpen(false)}>
            收起公式
          </Button>
        </div>
      ) : (
        <Findings at={at} />
      )}
    </>
  );
};

const OwnFact = ({ name, keep }: Given) => {
  const at = below('/facts', name);
  const fact = get(keep.item, at);
  if (!isJson(fact)) return null;
  const closing = (['rank', 'pool'] as const).find((one) => Object.hasOwn(fact, one));
  return (
    <li>
      <div className="leaf">
        <Input
          aria-label={`指标 ${name} 的名称`}
          style={{ width: 200 }}
          value={String(fact.text ?? '')}
          onChange={(event) => keep.change((item) => put(item, below(at, 'text'), event.target.value), `${at}/text`)}
        />
        {closing === undefined ? (
          <>
            <Input
              aria-label={`指标 ${name} 的单位`}
              placeholder="单位"
              style={{ width: 64 }}
              value={typeof fact.unit === 'string' ? fact.unit : ''}
              onChange={(event) => keep.change((item) => set(item, below(at, 'unit'), event.target.value), `${at}/unit`)}
            />
            <Computed name={name} keep={keep} />
          </>
        ) : (
          <span className="hint">{closing === 'rank' ? '名次，所有人放在一起排' : '总额，所有人放在一起分'}</span>
        )}
        <Button size="small" type="text" aria-label={`删去指标 ${name}`} onClick={() => keep.change((item) => drop(item, at))}>
          删去
        </Button>
      </div>
      {closing === undefined ? null : (
        <>
          <ShapeEditor
            shape={closing === 'rank' ? rankShape : poolShape}
            at={below(at, closing)}
            keep={keep}
            label={closing === 'rank' ? '名次' : '分配总额'}
          />
          <Findings at={at} except={[below(at, closing)]} />
        </>
      )}
    </li>
  );
};

const usual = [
  { label: '加周岁', stem: 'age', citizen: true, fact: { text: '期末周岁', feel: 'age at(birthDate, period.end)', unit: '岁' } },
  { label: '加一个公式', stem: 'fact', citizen: null, fact: { text: '新指标', feel: '0' } },
  { label: '加名次', stem: 'rank', citizen: null, fact: { text: '名次', rank: { by: '', among: { all: [] } } } },
  { label: '加分配总额', stem: 'pool', citizen: null, fact: { text: '分得的金额', pool: { yuan: 0, quantity: '', give: 'share' } } },
] as const;

export const OwnFacts = ({ keep }: { readonly keep: Keep }) => {
  const facts = isJson(keep.item.facts) ? Object.keys(keep.item.facts) : [];
  const citizen = keep.item.audience !== 'enterprise';
  return (
    <section className="own-facts" aria-label="这个事项自己的指标">
      <h3>这个事项自己的指标</h3>
      {facts.length === 0 ? <p className="hint">还没有。条件只比较指标；年龄、上年数、清单里有几项，先在这里算成指标。</p> : null}
      <ul>
        {facts.map((name) => (
          <OwnFact key={name} name={name} keep={keep} />
        ))}
      </ul>
      <div className="group-adds">
        {usual
          .filter((one) => one.citizen === null || one.citizen === citizen)
          .map((one) => (
            <Button
              key={one.stem}
              size="small"
              onClick={() => keep.change((item) => put(item, below('/facts', freeName(item.facts, one.stem)), one.fact))}
            >
              {one.label}
            </Button>
          ))}
      </div>
    </section>
  );
};
