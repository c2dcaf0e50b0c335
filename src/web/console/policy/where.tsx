// Which elements of a list count, as a tree of tests where the formula is one, else as the formula; one press between the two.
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { below, get, put, splitAt } from './document.ts';
import type { Keep } from './keep.ts';
import { everything, type ListAsk, whereAsk, whereFeel } from './list-text.ts';
import { useWords } from './names.tsx';
import { TestTree } from './test-tree.tsx';

const Formula = lazy(async () => ({ default: (await import('./formula.tsx')).Formula }));

const treeOf = (text: string): ListAsk['where'] | null => (text === 'true' || text === '' ? everything : whereAsk(text));

interface Given {
  readonly at: string;
  /** Beside it: which list. */
  readonly list: string;
  readonly keep: Keep;
  readonly label: string;
}

export const Where = ({ at, list, keep, label }: Given) => {
  const words = useWords();
  const text = String(get(keep.item, at) ?? '');
  const [held, setHeld] = useState(() => ({ text, tree: treeOf(text) }));
  const [asFormula, setAsFormula] = useState(false);
  // Undone, or changed as a formula: not what the tree said last.
  if (held.text !== text) setHeld({ text, tree: treeOf(text) });
  const fields = words.find(String(get(keep.item, below(splitAt(at).parent, list)) ?? ''))?.fields ?? [];
  const change = (tree: ListAsk['where']) => {
    const made = tree.tests.length === 0 ? 'true' : whereFeel(tree, 'each.');
    setHeld({ text: made, tree });
    keep.change((item) => put(item, at, made), at);
  };
  const { tree } = held;
  return (
    <div>
      {asFormula || tree === null || fields.length === 0 ? (
        <Suspense fallback={<p className="hint">正在打开公式编辑器…</p>}>
          <Formula at={at} keep={keep} label={label} brief />
        </Suspense>
      ) : (
        <TestTree test={tree} fields={fields} change={change} />
      )}
      {tree === null || fields.length === 0 ? null : (
        <Button size="small" type="text" onClick={() => setAsFormula(!asFormula)}>
          {asFormula ? '用表单写' : '写成公式'}
        </Button>
      )}
    </div>
  );
};
