// One value of a form by its shape: text, figures, choices, days, codes, facts by their Chinese label.
import { Button, Input, InputNumber, Select, type SelectProps, Tag } from 'antd';
import { lazy, Suspense } from 'react';
import { below, get, isJson, put, splitAt } from './document.ts';
import type { Keep } from './keep.ts';
import { FactInput } from './leaf.tsx';
import { useWords } from './names.tsx';
import type { Shape } from './shape.ts';
import { sourcePlace } from './source-places.ts';
import { CodeInput, DayInput, FigureInput } from './value.tsx';
import { Where } from './where.tsx';

const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

export interface Given<S extends Shape = Shape> {
  readonly shape: S;
  readonly at: string;
  readonly keep: Keep;
  readonly label: string;
}
type Of<K extends Shape['kind']> = Given<Extract<Shape, { kind: K }>>;

/** What stands there, and how it is replaced; typing on is one step. */
const useHeld = ({ at, keep }: Pick<Given, 'at' | 'keep'>) => ({
  value: get(keep.item, at),
  write: (next: unknown) => keep.change((item) => put(item, at, next), at),
});

const Text = (given: Of<'text'>) => {
  const { value, write } = useHeld(given);
  const { shape, label } = given;
  const same = {
    'aria-label': label,
    placeholder: shape.hint,
    value: typeof value === 'string' ? value : '',
    onChange: (event: { readonly target: { readonly value: string } }) =>
      write(event.target.value === '' && shape.nullable === true ? null : event.target.value),
  };
  return shape.long === true ? (
    <Input.TextArea {...same} autoSize={{ minRows: 2, maxRows: 6 }} />
  ) : (
    <Input {...same} style={{ width: shape.width ?? '100%' }} />
  );
};

const Whole = (given: Of<'whole'>) => {
  const { value, write } = useHeld(given);
  const { min, max, unit } = given.shape;
  return (
    <span className="value">
      <InputNumber
        aria-label={given.label}
        style={{ width: 90 }}
        min={min}
        max={max}
        precision={0}
        controls={false}
        value={typeof value === 'number' ? value : null}
        onChange={(n) => n !== null && write(n)}
      />
      {unit}
    </span>
  );
};

/** A figure, or a fact that holds it; one button between the two. */
const Figure = (given: Of<'figure'>) => {
  const { value, write } = useHeld(given);
  const { unit, or } = given.shape;
  const name =
    or === 'ref' && isJson(value)
      ? String(value.fact ?? '')
      : or === 'name' && typeof value === 'string' && !/^-?\d/.test(value)
        ? value
        : null;
  const named = (fact: string) => (or === 'ref' ? { fact } : fact);
  return (
    <span className="value">
      {name === null ? (
        <FigureInput label={given.label} unit={unit} value={value} onChange={(next) => write(next ?? 0)} />
      ) : (
        <FactInput label={given.label} of="number" value={name} onChange={(fact) => write(named(fact))} />
      )}
      {or === undefined ? null : (
        <Button size="small" type="text" onClick={() => write(name === null ? named('') : 0)}>
          {name === null ? '用指标' : '写固定值'}
        </Button>
      )}
    </span>
  );
};

const Choice = (given: Of<'choice'>) => {
  const { value, write } = useHeld(given);
  const { options } = given.shape;
  return (
    <Select
      aria-label={given.label}
      style={{ minWidth: 130, maxWidth: '100%' }}
      popupMatchSelectWidth={false}
      value={options.some(([one]) => one === value) ? JSON.stringify(value) : null}
      onChange={(next: string) => write(JSON.parse(next) as unknown)}
      options={options.map(([one, text]) => ({ value: JSON.stringify(one), label: text }))}
    />
  );
};

const Several = (given: Of<'several'>) => {
  const { value, write } = useHeld(given);
  const order = Object.keys(given.shape.options);
  return (
    <Select
      aria-label={given.label}
      mode="multiple"
      style={{ width: '100%' }}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={(next: string[]) => write(next.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)))}
      options={Object.entries(given.shape.options).map(([one, label]) => ({ value: one, label }))}
    />
  );
};

/** A place of the document as people say it; the pointer that is kept shows on pointing at it. */
const PlaceTag: NonNullable<SelectProps['tagRender']> = ({ value, closable, onClose }) => (
  <Tag closable={closable} onClose={onClose} title={String(value)}>
    {sourcePlace(String(value))}
  </Tag>
);

/** Several texts or whole numbers; one text alone stays alone. */
const Many = (given: Of<'texts'> | Of<'wholes'>) => {
  const { value, write } = useHeld(given);
  const figures = given.shape.kind === 'wholes';
  const change = (next: string[]) => {
    if (figures) return write(next.map(Number).filter(Number.isInteger));
    write(typeof value === 'string' && next.length === 1 ? next[0] : next);
  };
  return (
    <Select
      aria-label={given.label}
      mode="tags"
      open={false}
      suffixIcon={null}
      style={{ minWidth: 180, maxWidth: 420 }}
      placeholder={given.shape.hint ?? '输入后按回车，可以多个'}
      tokenSeparators={['、', '，', '\n', '\t', ...(figures ? [','] : [])]}
      value={(Array.isArray(value) ? value : value == null || value === '' ? [] : [value]).map(String)}
      onChange={change}
      {...(given.shape.kind === 'texts' && given.shape.places === true ? { tagRender: PlaceTag } : {})}
    />
  );
};

const Day = (given: Of<'day'>) => {
  const { value, write } = useHeld(given);
  return <DayInput label={given.label} value={value} onChange={write} />;
};

const Region = (given: Of<'region'>) => {
  const { value, write } = useHeld(given);
  const held = typeof value === 'string' ? [value] : [];
  return (
    <CodeInput label={given.label} tree="division" many={false} value={held} onChange={(next) => write((next as string[])[0] ?? null)} />
  );
};

const FactName = (given: Of<'fact'>) => {
  const { value, write } = useHeld(given);
  const { of, ref } = given.shape;
  const name = ref === true ? (isJson(value) ? String(value.fact ?? '') : '') : String(value ?? '');
  return <FactInput label={given.label} of={of} value={name} onChange={(next) => write(ref === true ? { fact: next } : next)} />;
};

const FieldName = (given: Of<'field'>) => {
  const { value, write } = useHeld(given);
  const words = useWords();
  const { list, dates } = given.shape;
  const fields = words.find(String(get(given.keep.item, below(splitAt(given.at).parent, list)) ?? ''))?.fields ?? [];
  return (
    <Select
      aria-label={given.label}
      style={{ width: 180 }}
      value={typeof value === 'string' && value !== '' ? value : null}
      placeholder={fields.length === 0 ? '先选清单' : '选一项'}
      onChange={write}
      options={fields.filter((one) => dates !== true || one.type.kind === 'date').map((one) => ({ value: one.name, label: one.label }))}
    />
  );
};

const FormulaValue = ({ at, keep, label }: Of<'formula'>) => (
  <Suspense fallback={<p className="hint">正在打开公式编辑器…</p>}>
    <Formula at={at} keep={keep} label={label} results={label === '公式'} brief={label !== '公式'} />
  </Suspense>
);

const WhereValue = ({ shape, at, keep, label }: Of<'where'>) => <Where at={at} list={shape.list} keep={keep} label={label} />;

const True = () => <span className="hint">是</span>;
const Constant = () => null;

export type SingleKind = Exclude<Shape['kind'], 'record' | 'list' | 'ways' | 'award' | 'tiers' | 'conditions'>;

const editors = {
  text: Text,
  whole: Whole,
  figure: Figure,
  choice: Choice,
  several: Several,
  texts: Many,
  wholes: Many,
  day: Day,
  region: Region,
  formula: FormulaValue,
  where: WhereValue,
  fact: FactName,
  field: FieldName,
  true: True,
  constant: Constant,
} satisfies { readonly [K in SingleKind]: (given: Of<K>) => React.ReactNode };

export const isSingle = (shape: Shape): shape is Extract<Shape, { kind: SingleKind }> => Object.hasOwn(editors, shape.kind);

export const SingleEditor = (given: Given<Extract<Shape, { kind: SingleKind }>>) => {
  const Editor = editors[given.shape.kind] as (one: Given) => React.ReactNode;
  return <Editor {...given} />;
};
