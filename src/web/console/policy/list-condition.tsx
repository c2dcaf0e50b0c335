// A condition on a list as a form of its own: which list, which of its elements, how many of them or the sum of what. What it makes is a fact of the item
// (a formula, in the open) and a condition on it.
import { Button, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import { below, freeName, get, insert, isJson, type Json, put } from './document.ts';
import type { Keep } from './keep.ts';
import { type Clause, type Compare, type ListAsk, listAsk, listFeel } from './list-text.ts';
import { type Name, type Type, useWords } from './names.tsx';
import { OneValue } from './value.tsx';

const compares: Readonly<Record<Compare, string>> = { '=': '是', '!=': '不是', '<': '低于', '<=': '不超过', '>': '超过', '>=': '达到' };
const kindOfValue = (type: Type): Clause['value']['kind'] =>
  type.kind === 'number' || type.kind === 'date' || type.kind === 'boolean' ? type.kind : 'text';

const plainValue = ({ kind, text }: Clause['value']): unknown => (kind === 'boolean' ? text === 'true' : text);

const firstClause = (list: Name): Clause => {
  const field = list.fields.find((one) => one.type.kind !== 'series') ?? list.fields[0];
  const kind = field === undefined ? 'text' : kindOfValue(field.type);
  const text = kind === 'boolean' ? 'true' : kind === 'number' ? '0' : (field?.type.values?.[0] ?? '');
  return { field: field?.name ?? '', compare: '=', ...(field?.type.kind === 'set' ? { has: true } : {}), value: { kind, text } };
};

const ClauseRow = ({
  list,
  clause,
  change,
  remove,
}: {
  readonly list: Name;
  readonly clause: Clause;
  readonly change: (next: Clause) => void;
  readonly remove: () => void;
}) => {
  const field = list.fields.find((one) => one.name === clause.field);
  const type = field?.type;
  const ordered = type?.kind === 'number' || type?.kind === 'date';
  const pick = (name: string) => change({ ...firstClause({ ...list, fields: list.fields.filter((one) => one.name === name) }) });
  return (
    <div className="leaf">
      <Select
        aria-label="清单的哪一项"
        style={{ width: 180 }}
        showSearch={{ optionFilterProp: 'label' }}
        value={clause.field}
        onChange={pick}
        options={list.fields.filter((one) => one.type.kind !== 'series').map((one) => ({ value: one.name, label: one.label }))}
      />
      {clause.has === true ? (
        <span>包含</span>
      ) : (
        <Select
          aria-label="怎么比"
          style={{ width: 100 }}
          value={clause.compare}
          onChange={(compare: Compare) => change({ ...clause, compare })}
          options={(Object.keys(compares) as Compare[])
            .filter((one) => ordered || one === '=' || one === '!=')
            .map((one) => ({ value: one, label: compares[one] }))}
        />
      )}
      {type === undefined ? null : (
        <OneValue
          label="值"
          type={type.kind === 'set' ? { ...type, kind: 'text' } : type}
          value={plainValue(clause.value)}
          onChange={(next) => change({ ...clause, value: { kind: kindOfValue(type), text: String(next ?? '') } })}
        />
      )}
      <Button size="small" type="text" onClick={remove}>
        删去
      </Button>
    </div>
  );
};

/** What it will be called where nobody says otherwise. */
const nameFor = (ask: ListAsk, list: Name | undefined): string => {
  const label = (field: string) => list?.fields.find((one) => one.name === field)?.label ?? field;
  const which = ask.where.map((one) => `${label(one.field)}${one.has === true ? '包含' : compares[one.compare]}${one.value.text}`);
  const said = which.join(ask.join === 'and' ? '且' : '或');
  return `${said}${said === '' ? '' : '的'}${list?.label ?? ''}${ask.fn === 'count' ? '数' : `的${label(ask.field)}合计`}`.slice(0, 60);
};

const Form = ({ ask, change }: { readonly ask: ListAsk; readonly change: (next: ListAsk) => void }) => {
  const words = useWords();
  const lists = words.names.filter((one) => one.type.kind === 'list' && one.kind === 'fact');
  const list = lists.find((one) => one.name === ask.list);
  const numbers = list?.fields.filter((one) => one.type.kind === 'number') ?? [];
  return (
    <div className="list-form">
      <div className="leaf">
        <Select
          aria-label="哪个清单"
          style={{ width: 220 }}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="选清单"
          value={ask.list === '' ? null : ask.list}
          onChange={(name: string) => change({ ...ask, list: name, where: [], field: '' })}
          options={lists.map((one) => ({ value: one.name, label: one.label }))}
        />
        <Segmented
          value={ask.fn}
          onChange={(fn) => change({ ...ask, fn: fn as ListAsk['fn'], field: numbers[0]?.name ?? '' })}
          options={[
            { value: 'count', label: '数有几项' },
            { value: 'sum', label: '加总', disabled: numbers.length === 0 },
          ]}
        />
        {ask.fn === 'sum' ? (
          <Select
            aria-label="加总哪一项"
            style={{ width: 160 }}
            value={ask.field}
            onChange={(field: string) => change({ ...ask, field })}
            options={numbers.map((one) => ({ value: one.name, label: one.label }))}
          />
        ) : null}
      </div>
      {list === undefined ? null : (
        <>
          <div className="list-where">
            只算其中
            <Segmented
              size="small"
              value={ask.join}
              onChange={(join) => change({ ...ask, join: join as ListAsk['join'] })}
              options={[
                { value: 'and', label: '都满足' },
                { value: 'or', label: '满足其一' },
              ]}
            />
            的：
          </div>
          {ask.where.map((clause, i) => (
            <ClauseRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a limit is named by its place
              key={`${i} ${clause.field}`}
              list={list}
              clause={clause}
              change={(next) => change({ ...ask, where: ask.where.with(i, next) })}
              remove={() => change({ ...ask, where: ask.where.toSpliced(i, 1) })}
            />
          ))}
          <Button size="small" onClick={() => change({ ...ask, where: [...ask.where, firstClause(list)] })}>
            加一个限定
          </Button>
        </>
      )}
    </div>
  );
};

const fresh: ListAsk = { fn: 'count', list: '', join: 'and', where: [], field: '' };

const Window = ({
  first,
  text,
  done,
  close,
}: {
  readonly first: ListAsk;
  readonly text: string;
  readonly done: (ask: ListAsk, text: string) => void;
  readonly close: () => void;
}) => {
  const words = useWords();
  const [ask, setAsk] = useState(first);
  const [named, setNamed] = useState(text);
  const list = words.names.find((one) => one.name === ask.list && one.kind === 'fact');
  return (
    <Modal
      title="清单里的条件"
      open
      width={640}
      okText="用这个条件"
      cancelText="不改了"
      okButtonProps={{ disabled: list === undefined || (ask.fn === 'sum' && ask.field === '') }}
      onOk={() => done(ask, named === '' ? nameFor(ask, list) : named)}
      onCancel={close}
    >
      <Form ask={ask} change={setAsk} />
      <div className="list-name">
        叫作
        <Input
          aria-label="叫作"
          value={named}
          placeholder={nameFor(ask, list)}
          maxLength={60}
          onChange={(event) => setNamed(event.target.value)}
        />
      </div>
      <p className="hint">公式：{list === undefined ? '先选清单' : listFeel(ask)}</p>
    </Modal>
  );
};

/** A new condition on a list, at the end of the group. */
export const NewListCondition = ({ group, keep }: { readonly group: string; readonly keep: Keep }) => {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const done = (ask: ListAsk, text: string) => {
    const unit = ask.fn === 'sum' ? words.find(ask.list)?.fields.find((one) => one.name === ask.field)?.type.unit : null;
    keep.change((item) => {
      const name = freeName(item.facts, 'list');
      const fact: Json = { text, feel: listFeel(ask), ...(unit == null ? {} : { unit }) };
      const length = (get(item, group) as readonly unknown[] | undefined)?.length ?? 0;
      return insert(put(item, below('/facts', name), fact), group, length, { fact: name, operator: 'greaterThanInclusive', value: 1 });
    });
    setOpen(false);
  };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        清单里的条件
      </Button>
      {open ? <Window first={fresh} text="" done={done} close={() => setOpen(false)} /> : null}
    </>
  );
};

/** The fact behind a condition, as the form where it can be shown as one. */
export const ListConditionButton = ({ node, keep }: { readonly at: string; readonly node: Json; readonly keep: Keep }) => {
  const [open, setOpen] = useState(false);
  const at = below('/facts', String(node.fact));
  const fact = get(keep.item, at);
  const ask = isJson(fact) && typeof fact.feel === 'string' ? listAsk(fact.feel) : null;
  if (ask === null || !isJson(fact)) return null;
  return (
    <>
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        改清单条件
      </Button>
      {open ? (
        <Window
          first={ask}
          text={String(fact.text ?? '')}
          done={(next, text) => {
            keep.change((item) => put(item, at, { ...fact, text, feel: listFeel(next) }));
            setOpen(false);
          }}
          close={() => setOpen(false)}
        />
      ) : null}
    </>
  );
};
