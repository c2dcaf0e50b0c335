// A condition on a list or on a series of figures as a form of its own: which of its elements and how many or how much of them; which periods and what of them.
// What it makes is a fact of the item (a formula, in the open) and a condition on it.
import { Button, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import { below, freeName, get, insert, isJson, type Json, put } from './document.ts';
import type { Keep } from './keep.ts';
import { everything, type Fn, type ListAsk, listAsk, listFeel, type Test, totals } from './list-text.ts';
import { type Name, useWords, type Words } from './names.tsx';
import { SeriesForm, seriesName } from './series-form.tsx';
import { questions, type SeriesAsk, seriesAsk, seriesFeel } from './series-text.ts';
import { askText, TestTree } from './test-tree.tsx';

/** One of the two kinds of question. */
export type Asked = { readonly kind: 'list'; readonly ask: ListAsk } | { readonly kind: 'series'; readonly ask: SeriesAsk };

const askedIn = (feel: string): Asked | null => {
  const list = listAsk(feel);
  if (list !== null) return { kind: 'list', ask: list };
  const series = seriesAsk(feel);
  return series === null ? null : { kind: 'series', ask: series };
};

const feelOf = (asked: Asked): string => (asked.kind === 'list' ? listFeel(asked.ask) : seriesFeel(asked.ask));

const testName = (test: Test, list: Name | undefined): string => {
  if (test.kind === 'formula') return test.text;
  if (test.kind === 'group') {
    const inside = test.tests.map((one) => testName(one, list)).join(test.join === 'any' ? '或' : '且');
    return test.join === 'not' ? `不是${inside}` : inside;
  }
  const field = list?.fields.find((one) => one.name === test.field);
  return `${field?.label ?? test.field}${askText(test.ask, field?.type)}${test.values.map(({ text }) => text.replace('period.start', '期初').replace('period.end', '期末')).join('、')}`;
};

/** What it will be called where nobody says otherwise. */
const nameFor = (asked: Asked, words: Words): string => {
  if (asked.kind === 'series') return seriesName(asked.ask, words);
  const { ask } = asked;
  const list = words.find(ask.list);
  const said = testName(ask.where, list);
  const field = list?.fields.find((one) => one.name === ask.field)?.label ?? ask.field;
  const what = {
    count: '数',
    total: `的${field}合计`,
    sum: `的${field}合计`,
    mean: `的平均${field}`,
    max: `的最大${field}`,
    min: `的最小${field}`,
  }[ask.fn];
  return `${said}${said === '' ? '' : '的'}${list?.label ?? ''}${what}`.slice(0, 60);
};

const ListForm = ({ ask, change }: { readonly ask: ListAsk; readonly change: (next: ListAsk) => void }) => {
  const words = useWords();
  const lists = words.names.filter((one) => one.type.kind === 'list' && one.fields.length > 0);
  const list = lists.find((one) => one.name === ask.list);
  const numbers = list?.fields.filter((one) => one.type.kind === 'number') ?? [];
  const fns = (Object.keys(totals) as Fn[]).filter((fn) => fn !== 'sum' || ask.fn === 'sum');
  return (
    <div className="list-form">
      <div className="leaf">
        <Select
          aria-label="哪个清单"
          style={{ width: 220 }}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="选清单"
          value={ask.list === '' ? null : ask.list}
          onChange={(name: string) => change({ ...ask, list: name, where: everything, field: '' })}
          options={lists.map((one) => ({ value: one.name, label: one.label }))}
        />
        <Select
          aria-label="算什么"
          style={{ width: 130 }}
          popupMatchSelectWidth={false}
          value={ask.fn}
          onChange={(fn: Fn) =>
            change({ ...ask, fn, field: fn === 'count' ? '' : ask.field === '' ? (numbers[0]?.name ?? '') : ask.field })
          }
          options={fns.map((fn) => ({ value: fn, label: totals[fn], disabled: fn !== 'count' && numbers.length === 0 }))}
        />
        {ask.fn === 'count' ? null : (
          <Select
            aria-label="哪一项的"
            style={{ width: 160 }}
            value={ask.field}
            onChange={(field: string) => change({ ...ask, field })}
            options={numbers.map((one) => ({ value: one.name, label: one.label }))}
          />
        )}
      </div>
      {list === undefined ? null : (
        <>
          <div className="list-where">只算其中符合下面的（不写：全部）：</div>
          <TestTree test={ask.where} fields={list.fields} change={(where) => change({ ...ask, where })} />
        </>
      )}
    </div>
  );
};

const when = { unit: 'month', back: 0, key: '' } as const;
const fresh: Readonly<Record<Asked['kind'], Asked>> = {
  list: { kind: 'list', ask: { fn: 'count', list: '', where: everything, field: '' } },
  series: { kind: 'series', ask: { series: '', ask: 'sum', from: { ...when, back: 11 }, to: when, times: 1 } },
};

const isWhole = (asked: Asked): boolean =>
  asked.kind === 'series' ? asked.ask.series !== '' : asked.ask.list !== '' && (asked.ask.fn === 'count' || asked.ask.field !== '');

interface WindowGiven {
  readonly first: Asked;
  readonly text: string;
  readonly title: string;
  readonly done: (asked: Asked, text: string) => void;
  readonly close: () => void;
}

const Window = ({ first, text, title, done, close }: WindowGiven) => {
  const words = useWords();
  const [asked, setAsked] = useState(first);
  const [named, setNamed] = useState(text);
  const whole = isWhole(asked);
  return (
    <Modal
      title={title}
      open
      width={760}
      okText="用这个条件"
      cancelText="不改了"
      okButtonProps={{ disabled: !whole }}
      onOk={() => done(asked, named === '' ? nameFor(asked, words) : named)}
      onCancel={close}
    >
      {text === '' ? (
        <Segmented
          aria-label="问哪一种"
          value={asked.kind}
          onChange={(kind) => setAsked(fresh[kind as Asked['kind']])}
          options={[
            { value: 'list', label: '清单：有几项、合计多少' },
            { value: 'series', label: '各期数值：几期合计、平均、连续几个月' },
          ]}
        />
      ) : null}
      {asked.kind === 'list' ? (
        <ListForm ask={asked.ask} change={(ask) => setAsked({ kind: 'list', ask })} />
      ) : (
        <SeriesForm ask={asked.ask} change={(ask) => setAsked({ kind: 'series', ask })} />
      )}
      <div className="list-name">
        叫作
        <Input
          aria-label="叫作"
          value={named}
          placeholder={whole ? nameFor(asked, words) : ''}
          maxLength={60}
          onChange={(event) => setNamed(event.target.value)}
        />
      </div>
      <p className="hint code-text">公式：{whole ? feelOf(asked) : asked.kind === 'list' ? '先选清单' : '先选指标'}</p>
    </Modal>
  );
};

const unitOf = (asked: Asked, words: Words): string | null => {
  if (asked.kind === 'series')
    return asked.ask.ask === 'growth' || asked.ask.ask === 'rising' ? null : (words.find(asked.ask.series)?.type.unit ?? null);
  const { list, field, fn } = asked.ask;
  return fn === 'count' ? null : (words.find(list)?.fields.find((one) => one.name === field)?.type.unit ?? null);
};

/** A new condition on a list, at the end of the group. */
export const NewListCondition = ({ group, keep }: { readonly group: string; readonly keep: Keep }) => {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const done = (asked: Asked, text: string) => {
    const unit = unitOf(asked, words);
    const rising = asked.kind === 'series' && asked.ask.ask === 'rising';
    keep.change((item) => {
      const name = freeName(item.facts, asked.kind);
      const fact: Json = {
        text,
        feel: feelOf(asked),
        ...(unit === null || (asked.kind === 'series' && asked.ask.ask === 'months') ? {} : { unit }),
      };
      const length = (get(item, group) as readonly unknown[] | undefined)?.length ?? 0;
      const leaf = rising ? { fact: name, operator: 'equal', value: true } : { fact: name, operator: 'greaterThanInclusive', value: 1 };
      return insert(put(item, below('/facts', name), fact), group, length, leaf);
    });
    setOpen(false);
  };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        清单里的条件
      </Button>
      {open ? <Window first={fresh.list} text="" title="清单里的条件" done={done} close={() => setOpen(false)} /> : null}
    </>
  );
};

/** The fact as the form where it can be shown as one. */
export const ListFactButton = ({ name, keep }: { readonly name: string; readonly keep: Keep }) => {
  const [open, setOpen] = useState(false);
  const at = below('/facts', name);
  const fact = get(keep.item, at);
  const asked = isJson(fact) && typeof fact.feel === 'string' ? askedIn(fact.feel) : null;
  if (asked === null || !isJson(fact)) return null;
  const title = asked.kind === 'list' ? '改清单条件' : `改各期数值：${questions[asked.ask.ask]}`;
  return (
    <>
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {asked.kind === 'list' ? '改清单条件' : '改各期数值'}
      </Button>
      {open ? (
        <Window
          first={asked}
          text={String(fact.text ?? '')}
          title={title}
          done={(next, text) => {
            // Opened and left as it was, the formula stays as it was written.
            const same = JSON.stringify(next) === JSON.stringify(asked);
            keep.change((item) => put(item, at, { ...fact, text, feel: same ? fact.feel : feelOf(next) }));
            setOpen(false);
          }}
          close={() => setOpen(false)}
        />
      ) : null}
    </>
  );
};
