// A form drawn from its shape (shape.ts): records row by row with what may be added, lists that can be lengthened and put in order, and parts that can be written
// in one of several ways.
import { Button, Select } from 'antd';
import { AwardEditor } from './award.tsx';
import { Brackets } from './brackets.tsx';
import { Builder } from './builder.tsx';
import { below, drop, get, insert, isJson, put, shifted } from './document.ts';
import { FindingLines, useFindings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { RemarkNotes } from './remarks.tsx';
import type { Field, Shape } from './shape.ts';
import { type Given, isSingle, SingleEditor } from './shape-value.tsx';
import { Tiers } from './tiers.tsx';

type Of<K extends Shape['kind']> = Given<Extract<Shape, { kind: K }>>;

/** What fits in a line beside others. */
const isLine = (shape: Shape): boolean =>
  (isSingle(shape) && !['formula', 'where', 'several'].includes(shape.kind) && !(shape.kind === 'text' && shape.long === true)) ||
  (shape.kind === 'record' && shape.fields.every((one) => isLine(one.shape)));

const narrow = (shape: Shape): Shape => (shape.kind === 'text' && shape.width === undefined ? { ...shape, width: 180 } : shape);

/** What is wrong right here; what is inside tells its own. */
const Wrong = ({ at, whole }: { readonly at: string; readonly whole: boolean }) => {
  const found = useFindings(at);
  return (
    <>
      <FindingLines rows={whole ? found : found.filter((one) => one.at === at)} />
      <RemarkNotes at={at} inside={whole} />
    </>
  );
};

interface FieldsGiven {
  readonly fields: readonly Field[];
  readonly at: string;
  readonly keep: Keep;
  /** What the record is called, for labels that would not tell enough alone. */
  readonly label?: string;
}

const TakeAway = ({ at, keep, label }: Pick<Given, 'at' | 'keep' | 'label'>) => (
  <Button size="small" type="text" aria-label={`不写${label}`} title={`不写${label}`} onClick={() => keep.change((item) => drop(item, at))}>
    ✕
  </Button>
);

const FieldRow = ({ field, at, keep, label }: Omit<FieldsGiven, 'fields'> & { readonly field: Field }) => {
  const here = below(at, field.key);
  const optional = field.fresh !== undefined;
  const name = field.label === '' ? (label ?? '') : field.label;
  const editor = <ShapeEditor shape={field.shape} at={here} keep={keep} label={name} />;
  return (
    <div className={isLine(field.shape) || isSingle(field.shape) ? 'form-row' : 'form-row block'}>
      {field.label === '' ? null : <span className="form-label">{field.label}</span>}
      <div className="form-cell">
        <div className="form-value">
          <div className="form-editor">{editor}</div>
          {optional ? <TakeAway at={here} keep={keep} label={name} /> : null}
        </div>
        {field.hint === undefined ? null : <div className="hint form-hint">{field.hint}</div>}
        <Wrong at={here} whole={isSingle(field.shape)} />
      </div>
    </div>
  );
};

/** What may still be said, each one press away. */
const Additions = ({ fields, at, keep }: FieldsGiven) =>
  fields.length === 0 ? null : (
    <div className="additions">
      {fields.map((field) => (
        <Button
          key={field.key}
          size="small"
          type="dashed"
          title={field.hint}
          onClick={() => keep.change((item) => put(item, below(at, field.key), field.fresh))}
        >
          ＋{field.label}
        </Button>
      ))}
    </div>
  );

const presentIn = (given: unknown, fields: readonly Field[]) => {
  const value = isJson(given) ? given : {};
  const is = (field: Field) => field.fresh === undefined || Object.hasOwn(value, field.key);
  const said = fields.filter((field) => field.shape.kind !== 'constant');
  return { shown: said.filter(is), more: said.filter((field) => !is(field) && field.rare !== true) };
};

/** Rows of fields, then what may be added. */
export const FieldRows = ({ fields, at, keep, label }: FieldsGiven) => {
  const { shown, more } = presentIn(get(keep.item, at), fields);
  return (
    <>
      {shown.map((field) => (
        <FieldRow key={field.key} field={field} at={at} keep={keep} {...(label === undefined ? {} : { label })} />
      ))}
      <Additions fields={more} at={at} keep={keep} />
    </>
  );
};

/** As a sentence is read: what fits in one line, then what needs room, then what may be added. */
const Record = ({ shape, at, keep, label }: Of<'record'>) => {
  const { shown, more } = presentIn(get(keep.item, at), shape.fields);
  const [line, blocks] = [shown.filter((field) => isLine(field.shape)), shown.filter((field) => !isLine(field.shape))];
  return (
    <div className={blocks.length === 0 ? '' : 'record'}>
      <div className="line-record">
        {line.map((field) => {
          const here = below(at, field.key);
          return (
            <span key={field.key} className="value" title={field.hint}>
              {field.label}
              <ShapeEditor shape={narrow(field.shape)} at={here} keep={keep} label={field.label === '' ? label : field.label} />
              {field.fresh === undefined ? null : <TakeAway at={here} keep={keep} label={field.label} />}
              <Wrong at={here} whole />
            </span>
          );
        })}
        {blocks.length === 0 ? <Additions fields={more} at={at} keep={keep} /> : null}
      </div>
      {blocks.map((field) => (
        <FieldRow key={field.key} field={field} at={at} keep={keep} label={label} />
      ))}
      {blocks.length === 0 ? null : <Additions fields={more} at={at} keep={keep} />}
    </div>
  );
};

const List = ({ shape, at, keep, label }: Of<'list'>) => {
  const value = get(keep.item, at);
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  const act = (text: string, i: number, run: () => void, off = false) => (
    <Button size="small" type="text" disabled={off} aria-label={`第 ${i + 1} ${shape.one}${text}`} title={text} onClick={run}>
      {{ 上移: '↑', 下移: '↓' }[text] ?? text}
    </Button>
  );
  return (
    <div>
      <ol className="parts">
        {rows.map((_, i) => {
          const here = below(at, i);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is named by its place
            <li key={i}>
              <span className="part-acts">
                {act('上移', i, () => keep.change((item) => shifted(item, here, -1).whole), i === 0)}
                {act('下移', i, () => keep.change((item) => shifted(item, here, 1).whole), i === rows.length - 1)}
                {act('删去', i, () => keep.change((item) => drop(item, here)))}
              </span>
              <div className="part-body">
                <ShapeEditor shape={shape.of} at={here} keep={keep} label={`第 ${i + 1} ${shape.one}`} />
                <Wrong at={here} whole={false} />
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        size="small"
        title={`${label}加一${shape.one}`}
        onClick={() => keep.change((item) => insert(item, at, rows.length, shape.fresh))}
      >
        加一{shape.one}
      </Button>
    </div>
  );
};

const Ways = ({ shape, at, keep, label }: Of<'ways'>) => {
  const value = get(keep.item, at);
  const index = shape.ways.findIndex((way) => way.is(value));
  const way = shape.ways[index];
  return (
    <div className="ways">
      <Select
        aria-label={`${label}怎么写`}
        style={{ minWidth: 130 }}
        popupMatchSelectWidth={false}
        value={way === undefined ? null : index}
        onChange={(next: number) => next !== index && keep.change((item) => put(item, at, shape.ways[next]?.fresh))}
        options={shape.ways.map((one, i) => ({ value: i, label: one.text }))}
      />
      {way === undefined || isConstant(way.shape) ? null : <ShapeEditor shape={way.shape} at={at} keep={keep} label={label} />}
    </div>
  );
};

/** Said by the way itself. */
const isConstant = (shape: Shape): boolean =>
  shape.kind === 'constant' || (shape.kind === 'record' && shape.fields.every((one) => isConstant(one.shape)));

export const ShapeEditor = ({ shape, at, keep, label }: Given) => {
  if (isSingle(shape)) return <SingleEditor shape={shape} at={at} keep={keep} label={label} />;
  switch (shape.kind) {
    case 'conditions':
      return <Builder at={at} keep={keep} />;
    case 'award':
      return <AwardEditor at={at} keep={keep} />;
    case 'tiers':
      return <Tiers at={at} keep={keep} />;
    case 'record':
      return <Record shape={shape} at={at} keep={keep} label={label} />;
    case 'list':
      if (shape.sheet !== undefined) return <Brackets at={at} keep={keep} />;
      return <List shape={shape} at={at} keep={keep} label={label} />;
    case 'ways':
      return <Ways shape={shape} at={at} keep={keep} label={label} />;
  }
};
