// Facts of this rule alone, each a formula over what is delivered: age on a day, last year's figure, how many of a list. Conditions and awards name them.
import { Button, Input } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { below, drop, freeName, get, isJson, put, set } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';

const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

const OwnFact = ({ name, keep }: { readonly name: string; readonly keep: Keep }) => {
  const at = below('/facts', name);
  const fact = get(keep.item, at);
  const [open, setOpen] = useState(false);
  if (!isJson(fact)) return null;
  const computed = typeof fact.feel === 'string';
  return (
    <li>
      <div className="leaf">
        <Input
          aria-label={`指标 ${name} 的名称`}
          style={{ width: 200 }}
          value={String(fact.text ?? '')}
          onChange={(event) => keep.change((item) => put(item, below(at, 'text'), event.target.value), `${at}/text`)}
        />
        {open ? null : (
          <button type="button" className="link formula-text" onClick={() => setOpen(true)} disabled={!computed}>
            {computed ? String(fact.feel) : '排名或分配总额，在「JSON」里改'}
          </button>
        )}
        <Input
          aria-label={`指标 ${name} 的单位`}
          placeholder="单位"
          style={{ width: 64 }}
          value={typeof fact.unit === 'string' ? fact.unit : ''}
          onChange={(event) => keep.change((item) => set(item, below(at, 'unit'), event.target.value), `${at}/unit`)}
        />
        <Button size="small" type="text" onClick={() => (open ? setOpen(false) : keep.change((item) => drop(item, at)))}>
          {open ? '收起' : '删去'}
        </Button>
      </div>
      {open ? (
        <Suspense fallback={<p className="hint">正在打开公式编辑器…</p>}>
          <Formula at={below(at, 'feel')} keep={keep} />
        </Suspense>
      ) : (
        <Findings at={at} />
      )}
    </li>
  );
};

const usual = [
  { label: '加周岁', stem: 'age', citizen: true, fact: { text: '期末周岁', feel: 'age at(birthDate, period.end)', unit: '岁' } },
  { label: '加一个公式', stem: 'fact', citizen: null, fact: { text: '新指标', feel: '0' } },
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
