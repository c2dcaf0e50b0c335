// Tests on one element of a list as a tree: all of them, any, none; each test with the editor that fits its field. What has no words here is a formula.
import { Button, Input, Segmented, Select } from 'antd';
import type { Ask, Held, ListAsk, Test } from './list-text.ts';
import type { Name, Type } from './names.tsx';
import { ManyValues, OneValue } from './value.tsx';

type Fields = Name['fields'];
type Clause = Extract<Test, { kind: 'clause' }>;
type Group = ListAsk['where'];

const asks: Readonly<Record<Ask, string>> = {
  ...{ '=': '是', '!=': '不是', '<': '低于', '<=': '不超过', '>': '超过', '>=': '达到' },
  ...{ in: '是其中之一', has: '包含', within: '属于', none: '查明没有', some: '有' },
};
const dated: Partial<Record<Ask, string>> = { '<': '早于', '<=': '不晚于', '>': '晚于', '>=': '不早于' };

export const askText = (ask: Ask, type: Type | undefined): string => (type?.kind === 'date' ? dated[ask] : undefined) ?? asks[ask];

const asksFor = (type: Type): readonly Ask[] => {
  switch (type.kind) {
    case 'number':
    case 'date':
      return ['=', '!=', '<', '<=', '>', '>=', 'none', 'some'];
    case 'boolean':
      return ['=', 'none', 'some'];
    case 'set':
      return ['has', 'none', 'some'];
    case 'code':
      return ['within', '=', '!=', 'in', 'none', 'some'];
    default:
      return ['=', '!=', 'in', 'none', 'some'];
  }
};

const kindOf = (type: Type): Held['kind'] =>
  type.kind === 'number' || type.kind === 'date' || type.kind === 'boolean' ? type.kind : 'text';
const firstHeld = (type: Type): Held => {
  const kind = kindOf(type);
  return { kind, text: kind === 'boolean' ? 'true' : kind === 'number' ? '0' : (type.values?.[0] ?? '') };
};
const firstClause = (fields: Fields): Clause => {
  const field = fields.find((one) => one.type.kind !== 'series') ?? fields[0];
  const ask = field === undefined ? '=' : (asksFor(field.type)[0] ?? '=');
  return { kind: 'clause', field: field?.name ?? '', ask, values: field === undefined ? [] : [firstHeld(field.type)] };
};

const plain = ({ kind, text }: Held): unknown => (kind === 'boolean' ? text === 'true' : text);
const held = (value: unknown, type: Type): Held => ({
  kind: kindOf(type),
  text: value == null || value === '' ? (type.kind === 'number' ? '0' : '') : String(value),
});

const Values = ({ clause, type, change }: { readonly clause: Clause; readonly type: Type; readonly change: (next: Clause) => void }) => {
  const element: Type = type.kind === 'set' ? { ...type, kind: type.tree === null ? 'text' : 'code' } : type;
  const [first = firstHeld(type)] = clause.values;
  if (clause.ask === 'none' || clause.ask === 'some') return null;
  if (clause.ask === 'in' || clause.ask === 'within')
    return (
      <ManyValues
        label="值"
        type={element}
        value={clause.values.map(({ text }) => text)}
        onChange={(next) => change({ ...clause, values: (next as readonly unknown[]).map((one) => held(one, type)) })}
      />
    );
  const fixed = first.kind !== 'period';
  return (
    <>
      {type.kind === 'date' ? (
        <Select
          aria-label="哪一天"
          style={{ width: 90 }}
          value={fixed ? 'fixed' : first.text}
          onChange={(next: string) =>
            change({ ...clause, values: [next === 'fixed' ? { kind: 'date', text: '' } : { kind: 'period', text: next }] })
          }
          options={[
            { value: 'fixed', label: '固定日期' },
            { value: 'period.start', label: '期初' },
            { value: 'period.end', label: '期末' },
          ]}
        />
      ) : null}
      {fixed ? (
        <OneValue
          label="值"
          type={element}
          value={plain(first)}
          onChange={(next) => change({ ...clause, values: [held(next, type)] })}
          width={150}
        />
      ) : null}
    </>
  );
};

interface Given<T extends Test> {
  readonly test: T;
  readonly fields: Fields;
  readonly change: (next: T) => void;
}

const ClauseRow = ({ test, fields, change }: Given<Clause>) => {
  const type = fields.find((one) => one.name === test.field)?.type;
  const pick = (name: string) => change(firstClause(fields.filter((one) => one.name === name)));
  const ask = (next: Ask) => {
    const many = (one: Ask) => one === 'in' || one === 'within';
    const kept =
      test.values.length > 0 && many(next) === many(test.ask) ? test.values : type === undefined ? [] : many(next) ? [] : [firstHeld(type)];
    change({ ...test, ask: next, values: next === 'none' || next === 'some' ? [] : kept });
  };
  return (
    <>
      <Select
        aria-label="清单的哪一项"
        style={{ width: 150 }}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: 'label' }}
        value={test.field}
        onChange={pick}
        options={fields.filter((one) => one.type.kind !== 'series').map((one) => ({ value: one.name, label: one.label }))}
      />
      {type === undefined ? (
        <span className="hint">先选</span>
      ) : (
        <>
          <Select
            aria-label="怎么比"
            style={{ width: 104 }}
            popupMatchSelectWidth={false}
            value={test.ask}
            onChange={ask}
            options={asksFor(type).map((one) => ({ value: one, label: askText(one, type) }))}
          />
          <Values clause={test} type={type} change={change} />
        </>
      )}
    </>
  );
};

/** How deep groups may be nested; deeper is better said as a fact of its own. */
const deepest = 4;

const GroupBox = ({ test, fields, change, depth }: Given<Group> & { readonly depth: number }) => {
  const { tests } = test;
  const put = (i: number, next: Test) => change({ ...test, tests: tests.with(i, next) });
  return (
    <div className={`tests ${test.join}`}>
      <Segmented
        size="small"
        aria-label="这几条怎么算"
        value={test.join}
        onChange={(join) => change({ ...test, join: join as Group['join'] })}
        options={[
          { value: 'all', label: '都满足' },
          { value: 'any', label: '满足其一' },
          { value: 'not', label: '都满足的不算' },
        ]}
      />
      {tests.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a test is named by its place
        <div className="leaf" key={i}>
          {one.kind === 'group' ? (
            <GroupBox test={one} fields={fields} change={(next) => put(i, next)} depth={depth + 1} />
          ) : one.kind === 'clause' ? (
            <ClauseRow test={one} fields={fields} change={(next) => put(i, next)} />
          ) : (
            <Input
              aria-label="公式"
              className="code-text"
              style={{ flex: 1, minWidth: 240 }}
              value={one.text}
              onChange={(event) => put(i, { kind: 'formula', text: event.target.value })}
            />
          )}
          <Button
            size="small"
            type="text"
            aria-label={`删去第 ${i + 1} 条`}
            onClick={() => change({ ...test, tests: tests.toSpliced(i, 1) })}
          >
            删去
          </Button>
        </div>
      ))}
      <div className="group-adds">
        <Button size="small" onClick={() => change({ ...test, tests: [...tests, firstClause(fields)] })}>
          加一个限定
        </Button>
        {depth < deepest ? (
          <Button
            size="small"
            onClick={() =>
              change({
                ...test,
                tests: [...tests, { kind: 'group', join: test.join === 'any' ? 'all' : 'any', tests: [firstClause(fields)] }],
              })
            }
          >
            加一组
          </Button>
        ) : null}
        <Button size="small" type="text" onClick={() => change({ ...test, tests: [...tests, { kind: 'formula', text: 'true' }] })}>
          写公式
        </Button>
      </div>
    </div>
  );
};

export const TestTree = (given: Given<Group>) => <GroupBox {...given} depth={1} />;
