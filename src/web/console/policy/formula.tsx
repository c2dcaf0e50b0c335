// The formula editor: completion by Chinese label with type and source, colours, brackets, and what the formula gives in the rule's own examples. Loaded only
// where a formula is written.
import FeelEditor from '@bpmn-io/feel-editor';
import { useContext, useEffect, useRef } from 'react';
import { Mark } from '../page.tsx';
import { money } from '../words.ts';
import { get, put } from './document.ts';
import { ExamplesGiven } from './examples-given.ts';
import { Findings } from './findings.tsx';
import { keyed, wordsFor } from './formula-names.ts';
import type { Keep } from './keep.ts';
import { sourceText, typeText, useWords, type Words } from './names.tsx';

/** What is offered while somebody types: each fact by its label and by its name. */
const variablesOf = (words: Words) =>
  words.names.flatMap((one) => {
    const info = sourceText(one);
    const byName = { name: one.name, detail: `${one.label}（${typeText(one.type)}）`, info };
    return wordsFor([one]).size === 0 ? [byName] : [{ name: one.label, detail: `${one.name}（${typeText(one.type)}）`, info }, byName];
  });

interface Given {
  readonly at: string;
  readonly keep: Keep;
  readonly label?: string;
  /** What the item pays in its examples, for formulas of the award. */
  readonly results?: boolean;
  /** Without the words on how formulas are written: a form around it has its own. */
  readonly brief?: boolean;
}

const Results = () => {
  const examples = useContext(ExamplesGiven);
  if (examples.length === 0) return <p className="hint">写几个例子（「测试」），这里就会显示公式在每个例子里算出多少。</p>;
  return (
    <table className="bars" aria-label="公式在例子里的结果">
      <tbody>
        {examples.slice(0, 6).map((one) => (
          <tr key={one.name}>
            <th scope="row">{one.name}</th>
            <td className="figure">{one.amountFen === null ? '—' : money(one.amountFen)}</td>
            <td>{one.ok ? null : <Mark tone="bad">与预期不同</Mark>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const useEditor = ({ at, keep, label = '公式' }: Given, words: Words) => {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<FeelEditor | null>(null);
  const text = String(get(keep.item, at) ?? '');
  /** What the editor itself shows: labels stay as they were typed until somebody leaves it. */
  const shown = useRef(text);
  const live = useRef({ keep, words });
  live.current = { keep, words };
  useEffect(() => {
    const container = holder.current;
    if (container === null || !words.ready) return;
    shown.current = String(get(live.current.keep.item, at) ?? '');
    editor.current = new FeelEditor({
      container,
      value: shown.current,
      variables: variablesOf(live.current.words),
      contentAttributes: { 'aria-label': label },
      onChange: (value) => {
        shown.current = value;
        const next = keyed(value, wordsFor(live.current.words.names));
        // What the rule says already (an undone step shown here) is no step of its own.
        live.current.keep.change((item) => (get(item, at) === next ? item : put(item, at, next)), at);
      },
    });
    return () => {
      editor.current = null;
      container.replaceChildren();
    };
  }, [at, label, words.ready]);
  useEffect(() => editor.current?.setVariables(variablesOf(words)), [words]);
  const settle = (value: string) => {
    if (editor.current === null || value === shown.current) return;
    shown.current = value;
    editor.current.setValue(value);
  };
  useEffect(() => {
    // Undone, or changed as JSON: not what the editor said last.
    if (text !== keyed(shown.current, wordsFor(live.current.words.names))) settle(text);
  });
  const leave = useRef(() => undefined as void);
  leave.current = () => settle(text);
  useEffect(() => {
    const left = () => leave.current();
    const container = holder.current;
    container?.addEventListener('focusout', left);
    return () => container?.removeEventListener('focusout', left);
  }, []);
  return holder;
};

export const Formula = ({ at, keep, label = '公式', results = false, brief = false }: Given) => {
  const words = useWords();
  const holder = useEditor({ at, keep, label }, words);
  return (
    <div>
      <div className="formula" ref={holder} />
      {brief ? null : (
        <p className="hint">按中文名补全：输入几个字，或按 Ctrl+空格；写了中文名的，离开时换成指标编号。例如 max(0, 年末人数 - 30) * 500</p>
      )}
      <Findings at={at} />
      {results ? <Results /> : null}
    </div>
  );
};
