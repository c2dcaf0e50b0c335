// The conditions as a tree of cards: groups that hold all or any of what is in them, or none of it; each card with its own acts by mouse and by keyboard
// (Alt+↑↓ moves, Ctrl+C, X, V and D copy, cut, paste and repeat, Delete takes away). What the builder cannot show stays as its JSON, to be edited as such.
import { App, Button, Dropdown, Input, Segmented } from 'antd';
import { type KeyboardEvent, useState } from 'react';
import {
  asGroup,
  below,
  childrenOf,
  get,
  insert,
  isJson,
  type Json,
  kindOf,
  lifted,
  pastedAfter,
  put,
  removed,
  set,
  shifted,
  wrapped,
} from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { Leaf } from './leaf.tsx';
import { NewListCondition } from './list-condition.tsx';

/** What was copied last in this window; the clipboard of the machine holds it too, as JSON. */
const clip: { node: unknown } = { node: undefined };

const copy = (node: unknown): void => {
  clip.node = node;
  void navigator.clipboard?.writeText(JSON.stringify(node, null, 2)).catch(() => undefined);
};

/** What somebody copied elsewhere counts where it is JSON of a condition. */
const copied = async (): Promise<unknown> => {
  const text = await navigator.clipboard?.readText().catch(() => '');
  try {
    const node = JSON.parse(text ?? '') as unknown;
    return kindOf(node) === 'raw' ? clip.node : node;
  } catch {
    return clip.node;
  }
};

interface Card {
  readonly at: string;
  readonly keep: Keep;
  /** The top of the tree can neither move nor go. */
  readonly top?: boolean;
}

const focusOn = (at: string): void =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus()) as unknown as void;

/** What can be done with a card, by name. */
const useActs = ({ at, keep }: Card) => {
  const { message } = App.useApp();
  const node = get(keep.item, at);
  const paste = async () => {
    const given = await copied();
    if (given === undefined) return void message.info('还没有复制过条件。选一条，按 Ctrl+C。');
    keep.change((item) =>
      kindOf(node) === 'all' || kindOf(node) === 'any' ? appended(item, at, node as Json, given) : (pastedAfter(item, at, given) ?? item),
    );
  };
  const move = (by: -1 | 1) => {
    const there = shifted(keep.item, at, by);
    keep.change(() => there.whole);
    focusOn(there.at);
  };
  return {
    node,
    move,
    copy: () => {
      copy(node);
      void message.info('已复制这条条件');
    },
    cut: () => {
      copy(node);
      keep.change((item) => removed(item, at));
    },
    paste: () => void paste(),
    repeat: () => keep.change((item) => pastedAfter(item, at, node) ?? item),
    remove: () => keep.change((item) => removed(item, at)),
    lift: () => keep.change((item) => lifted(item, at)),
    wrap: (kind: 'all' | 'any' | 'not') => keep.change((item) => put(item, at, wrapped(node, kind))),
  };
};

const appended = (item: Json, at: string, node: Json, given: unknown): Json => {
  const key = kindOf(node) as 'all' | 'any';
  return insert(item, below(at, key), (node[key] as readonly unknown[]).length, given);
};

const menuItems = [
  { key: 'copy', label: '复制', extra: 'Ctrl+C' },
  { key: 'cut', label: '剪切', extra: 'Ctrl+X' },
  { key: 'paste', label: '粘贴', extra: 'Ctrl+V' },
  { key: 'repeat', label: '再来一条', extra: 'Ctrl+D' },
  { type: 'divider' as const },
  { key: 'up', label: '上移', extra: 'Alt+↑' },
  { key: 'down', label: '下移', extra: 'Alt+↓' },
  { key: 'lift', label: '移出这一组' },
  { type: 'divider' as const },
  { key: 'any', label: '放进“满足其一”的组' },
  { key: 'all', label: '放进“都要满足”的组' },
  { key: 'not', label: '放进“不能有”的组' },
  { type: 'divider' as const },
  { key: 'remove', label: '删除', extra: 'Delete', danger: true },
];

const CardShell = ({ at, keep, top = false, children }: Card & { readonly children: React.ReactNode }) => {
  const acts = useActs({ at, keep });
  const run: Readonly<Record<string, () => void>> = {
    ...{ copy: acts.copy, cut: acts.cut, paste: acts.paste, repeat: acts.repeat, lift: acts.lift, remove: acts.remove },
    ...{ up: () => acts.move(-1), down: () => acts.move(1) },
    ...{ any: () => acts.wrap('any'), all: () => acts.wrap('all'), not: () => acts.wrap('not') },
  };
  const keys: Readonly<Record<string, string>> = {
    ...{ 'Alt+ArrowUp': 'up', 'Alt+ArrowDown': 'down', 'Ctrl+c': 'copy', 'Ctrl+x': 'cut', 'Ctrl+v': 'paste', 'Ctrl+d': 'repeat' },
    ...{ Delete: 'remove', Backspace: 'remove' },
  };
  const press = (event: KeyboardEvent) => {
    // Keys in a field belong to the field.
    if (event.target !== event.currentTarget) return;
    const name = `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.key}`;
    const act = keys[name];
    if (act === undefined || (top && !['paste', 'copy'].includes(act))) return;
    event.preventDefault();
    event.stopPropagation();
    run[act]?.();
  };
  const items = top ? menuItems.filter((one) => ['copy', 'paste', 'any', 'all'].includes(one.key ?? '')) : menuItems;
  return (
    <fieldset
      className={`card ${kindOf(acts.node)}`}
      data-at={at}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a card is chosen to be moved and copied by keyboard
      tabIndex={0}
      aria-label={top ? '全部条件' : '条件'}
      onKeyDown={press}
    >
      <div className="card-body">{children}</div>
      <Dropdown trigger={['click']} menu={{ items: items.map((one) => ({ ...one })), onClick: ({ key }) => run[key]?.() }}>
        <Button className="card-menu" size="small" type="text" aria-label="对这条条件">
          ⋯
        </Button>
      </Dropdown>
    </fieldset>
  );
};

/** Whatever the builder has no shape for. */
const Raw = ({ at, keep }: Card) => {
  const node = get(keep.item, at);
  const [text, setText] = useState(() => JSON.stringify(node ?? null, null, 2));
  const [wrong, setWrong] = useState(false);
  const write = (next: string) => {
    setText(next);
    try {
      const parsed = JSON.parse(next) as unknown;
      setWrong(false);
      keep.change((item) => put(item, at, parsed), `${at} raw`);
    } catch {
      setWrong(true);
    }
  };
  return (
    <>
      <div className="hint">这一条不能用表单显示，按原样保留，可以直接改：</div>
      <Input.TextArea
        aria-label="条件的 JSON"
        className="code-text"
        autoSize={{ minRows: 3, maxRows: 16 }}
        status={wrong ? 'error' : ''}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
      {wrong ? <div className="bad-text">还不是完整的 JSON，规则里仍是改之前的。</div> : null}
    </>
  );
};

const Group = ({ at, keep, node, top }: Card & { readonly node: Json }) => {
  const kind = kindOf(node) as 'all' | 'any' | 'not';
  const children = childrenOf(node, at);
  const list = below(at, kind);
  const add = (made: unknown) => {
    keep.change((item) => insert(item, list, children.length, made));
    focusOn(below(list, children.length));
  };
  return (
    <>
      <div className="group-head">
        <Segmented
          size="small"
          aria-label="这一组怎么算"
          value={kind}
          onChange={(next) => keep.change((item) => put(item, at, asGroup(node, next as 'all')))}
          options={[
            { value: 'all', label: '都要满足' },
            { value: 'any', label: '满足其一' },
            { value: 'not', label: '不能有' },
          ]}
        />
        <Input
          aria-label="这一组的原话"
          className="group-text"
          variant="borderless"
          placeholder={top === true ? '' : '文件原话（可不写）'}
          value={typeof node.text === 'string' ? node.text : ''}
          onChange={(event) => keep.change((item) => set(item, below(at, 'text'), event.target.value), `${at}/text`)}
        />
      </div>
      <Findings at={at} except={children} />
      <div className="group-body">
        {children.map((child) => (
          <ConditionCard key={child} at={child} keep={keep} />
        ))}
        {children.length === 0 ? <p className="hint">这一组还没有条件。空的一组会让所有人都符合，不能发布。</p> : null}
      </div>
      {kind === 'not' ? null : (
        <div className="group-adds">
          <Button
            size="small"
            type={top === true ? 'primary' : 'default'}
            ghost={top === true}
            onClick={() => add({ fact: '', operator: 'equal', value: '' })}
          >
            加条件
          </Button>
          <Button size="small" onClick={() => add({ [kind === 'all' ? 'any' : 'all']: [] })}>
            加一组
          </Button>
          <NewListCondition group={list} keep={keep} />
        </div>
      )}
    </>
  );
};

export const ConditionCard = ({ at, keep, top = false }: Card) => {
  const node = get(keep.item, at);
  const kind = kindOf(node);
  return (
    <CardShell at={at} keep={keep} top={top}>
      {kind === 'raw' ? (
        <Raw at={at} keep={keep} />
      ) : kind === 'leaf' ? (
        <Leaf at={at} node={node as Json} keep={keep} />
      ) : (
        <Group at={at} node={node as Json} keep={keep} top={top} />
      )}
      {kind === 'leaf' || kind === 'raw' ? <Findings at={at} /> : null}
    </CardShell>
  );
};

/** A tree of its own: the conditions of the item, or of one row of a table. A single condition at the top is put into a group first. */
export const Builder = ({ at, keep }: { readonly at: string; readonly keep: Keep }) => {
  const node = get(keep.item, at);
  if (isJson(node) && kindOf(node) === 'leaf')
    return (
      <>
        <ConditionCard at={at} keep={keep} top />
        <Button size="small" onClick={() => keep.change((item) => put(item, at, wrapped(node, 'all')))}>
          再加条件
        </Button>
      </>
    );
  return <ConditionCard at={at} keep={keep} top />;
};
