// How much: the form first (a fixed amount, per unit, a rate, tiers, parts together), a formula for the rest; then what is done to the result. A part no form
// here shows is kept as it is and edited as JSON.
import { Alert, Input, InputNumber, Select } from 'antd';
import { lazy, Suspense } from 'react';
import { below, drop, get, isJson, type Json, put, set } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { FactInput } from './leaf.tsx';
import { Tiers } from './tiers.tsx';
import { FigureInput } from './value.tsx';

const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

export const awardForms = {
  fixed: { text: '定额', fresh: { yuan: 0 } },
  perUnit: { text: '按数量', fresh: { yuan: 0, count: '' } },
  rate: { text: '按比例', fresh: { base: '', rate: 0.1 } },
  tiers: { text: '分档', fresh: { by: '', rows: [{ below: 0, yuan: 0 }, { yuan: 0 }] } },
  sum: { text: '几部分相加', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }] },
  highest: { text: '几项取最高', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }] },
  lowest: { text: '几项取最低', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }] },
  brackets: { text: '分段累进', fresh: { base: '', rows: [{ upTo: 10_000, rate: 0.1 }, { rate: 0.05 }] } },
  formula: { text: '公式', fresh: '0' },
} as const;
type Form = keyof typeof awardForms;
const forms = Object.keys(awardForms) as Form[];

export const formOf = (award: unknown): Form | null => (isJson(award) ? (forms.find((form) => Object.hasOwn(award, form)) ?? null) : null);

interface Given {
  readonly at: string;
  readonly keep: Keep;
}

/** A figure, or the name of a fact that holds it. */
const FigureOrFact = ({
  at,
  keep,
  label,
  unit,
  optional = false,
}: Given & { readonly label: string; readonly unit: string; readonly optional?: boolean }) => {
  const value = get(keep.item, at);
  const write = (next: unknown) => keep.change((item) => set(item, at, next ?? undefined), at);
  return isJson(value) ? (
    <FactInput value={String(value.fact ?? '')} onChange={(fact) => write({ fact })} />
  ) : (
    <FigureInput label={label} unit={unit} value={value} onChange={write} optional={optional} />
  );
};

const PerUnit = ({ at, keep }: Given) => (
  <div className="leaf">
    每
    <FactInput
      value={String(get(keep.item, below(at, 'count')) ?? '')}
      onChange={(name) => keep.change((item) => put(item, below(at, 'count'), name))}
    />
    给
    <FigureOrFact at={below(at, 'yuan')} keep={keep} label="每个多少元" unit="元" />
    ，最多算
    <InputNumber
      aria-label="最多算几个"
      style={{ width: 90 }}
      controls={false}
      placeholder="不限"
      value={(get(keep.item, below(at, 'maxCount')) as number | undefined) ?? null}
      onChange={(n) => keep.change((item) => set(item, below(at, 'maxCount'), n ?? undefined))}
    />
  </div>
);

const Rate = ({ at, keep }: Given) => (
  <div className="leaf">
    <FactInput
      value={String(get(keep.item, below(at, 'base')) ?? '')}
      onChange={(name) => keep.change((item) => put(item, below(at, 'base'), name))}
    />
    ×
    <FigureOrFact at={below(at, 'rate')} keep={keep} label="比例" unit="比例" />
  </div>
);

const Parts = ({ at, keep }: Given) => {
  const parts = get(keep.item, at);
  if (!Array.isArray(parts)) return null;
  return (
    <ol className="parts">
      {parts.map((_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is named by its place
        <li key={i}>
          <AwardEditor at={below(at, i)} keep={keep} inner />
          <button type="button" className="link" onClick={() => keep.change((item) => drop(item, below(at, i)))}>
            删去这一部分
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="link" onClick={() => keep.change((item) => put(item, at, [...parts, { fixed: { yuan: 0 } }]))}>
          加一部分
        </button>
      </li>
    </ol>
  );
};

const Own = ({ at, keep, form }: Given & { readonly form: Form }) => {
  const here = below(at, form);
  switch (form) {
    case 'fixed':
      return (
        <div className="leaf">
          每次
          <FigureInput
            label="定额"
            unit="元"
            value={get(keep.item, below(here, 'yuan'))}
            onChange={(yuan) => keep.change((item) => put(item, below(here, 'yuan'), yuan ?? 0), here)}
          />
        </div>
      );
    case 'perUnit':
      return <PerUnit at={here} keep={keep} />;
    case 'rate':
      return <Rate at={here} keep={keep} />;
    case 'tiers':
      return <Tiers at={here} keep={keep} />;
    case 'formula':
      return (
        <Suspense fallback={<p className="hint">正在打开公式编辑器…</p>}>
          <Formula at={here} keep={keep} />
        </Suspense>
      );
    case 'brackets':
      return <p className="hint">分段累进的各段请在「JSON」里改；右边的中文和金额照常算。</p>;
    default:
      return <Parts at={here} keep={keep} />;
  }
};

const modifiers = [
  ['floor', '保底'],
  ['cap', '封顶'],
] as const;

const Modifiers = ({ at, keep }: Given) => {
  const rounding = get(keep.item, below(at, 'rounding'));
  const round = isJson(rounding) ? `${rounding.to} ${rounding.mode}` : '';
  return (
    <div className="leaf modifiers">
      不足
      <FigureInput
        label="起付金额"
        unit="元"
        width={110}
        optional
        value={get(keep.item, below(at, 'minimum')) ?? null}
        onChange={(next) => keep.change((item) => set(item, below(at, 'minimum'), next ?? undefined), `${at} minimum`)}
      />
      不发；
      {modifiers.map(([key, text]) => (
        <span className="value" key={key}>
          {text}
          <FigureOrFact at={below(at, key)} keep={keep} label={text} unit="元" optional />
        </span>
      ))}
      <Select
        aria-label="取整"
        style={{ width: 150 }}
        value={round}
        onChange={(next: string) => {
          const [to, mode] = next.split(' ');
          keep.change((item) => set(item, below(at, 'rounding'), next === '' ? undefined : { to, mode }));
        }}
        options={[
          { value: '', label: '四舍五入到分' },
          { value: 'jiao half-up', label: '四舍五入到角' },
          { value: 'yuan half-up', label: '四舍五入到元' },
          { value: 'yuan down', label: '舍去元以下' },
          { value: 'yuan up', label: '进到元' },
          { value: 'fen down', label: '舍去分以下' },
        ]}
      />
    </div>
  );
};

export const AwardEditor = ({ at, keep, inner = false }: Given & { readonly inner?: boolean }) => {
  const award = get(keep.item, at);
  const form = formOf(award);
  const become = (next: Form) =>
    keep.change((item) => {
      const { ...rest } = isJson(award) ? award : {};
      for (const key of forms) delete (rest as Record<string, unknown>)[key];
      return put(item, at, { [next]: awardForms[next].fresh, ...rest } as Json);
    });
  return (
    <div className={inner ? 'award inner' : 'award'}>
      <div className="leaf">
        <Select<Form>
          aria-label="怎么给"
          style={{ width: 140 }}
          value={form}
          placeholder="怎么给"
          onChange={become}
          options={forms.map((one) => ({ value: one, label: awardForms[one].text }))}
        />
        <Input
          aria-label="标准的原话"
          variant="borderless"
          className="group-text"
          placeholder="文件原话（可不写）"
          value={isJson(award) && typeof award.text === 'string' ? award.text : ''}
          onChange={(event) => keep.change((item) => set(item, below(at, 'text'), event.target.value), `${at}/text`)}
        />
      </div>
      {form === null ? <Alert type="info" title="先选怎么给。" /> : <Own at={at} keep={keep} form={form} />}
      {inner ? null : <Modifiers at={at} keep={keep} />}
      {form === 'tiers' ? null : <Findings at={at} />}
    </div>
  );
};
