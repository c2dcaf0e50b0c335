// The rule as JSON, both ways: what is changed here shows in the builder, and the other way round. Text that is no JSON yet is kept, and said not to count.
import { Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Mark } from '../page.tsx';
import { countText } from '../words.ts';
import type { Looked } from './ask.ts';
import { isJson, type Json, mostText } from './document.ts';
import { FindingLines, findingsOf } from './findings.tsx';
import type { Keep } from './keep.ts';

const written = (item: Json): string => JSON.stringify(item, null, 2);

/** Where the text stops being JSON, as the browser says it, in lines. */
const stopsAt = (text: string): string => {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const [, position] = /position (\d+)/.exec(String(error)) ?? [];
    return position === undefined ? '结尾处没有写完' : `第 ${text.slice(0, Number(position)).split('\n').length} 行附近`;
  }
};

/** Survives a change of tab: `text` is null while it says what the rule says. */
export interface JsonText {
  readonly text: string | null;
  readonly setText: (text: string | null) => void;
}

export const useJsonText = (): JsonText => {
  const [text, setText] = useState<string | null>(null);
  return { text, setText };
};

export const JsonPane = ({ keep, json, looked }: { readonly keep: Keep; readonly json: JsonText; readonly looked: Looked | undefined }) => {
  const own = useRef(keep.item);
  const { text, setText } = json;
  const [refused, setRefused] = useState<number | null>(null);
  const wrong = text === null ? '' : stopsAt(text);
  useEffect(() => {
    // Changed elsewhere, or undone: what was typed and is whole gives way.
    if (own.current !== keep.item && text !== null && stopsAt(text) === '') setText(null);
    own.current = keep.item;
  }, [keep.item, text, setText]);
  const write = (next: string) => {
    setRefused(next.length > mostText ? next.length : null);
    if (next.length > mostText) return;
    setText(next);
    try {
      const parsed = JSON.parse(next) as unknown;
      if (!isJson(parsed)) return;
      keep.change(() => {
        own.current = parsed;
        return parsed;
      }, 'json');
    } catch {
      // Told below; the rule stays what it was.
    }
  };
  return (
    <div>
      <p className="hint">
        {wrong === '' ? <Mark tone="good">与规则一致</Mark> : <Mark tone="bad">还不是完整的 JSON：{wrong}</Mark>}
        {wrong === '' ? '　这里改的，表单里同样改了。' : '　规则里仍是改之前的；这里写的不会丢。'}
        {wrong === '' ? null : (
          <Button size="small" onClick={() => setText(null)}>
            放弃这里写的
          </Button>
        )}
      </p>
      {refused === null ? null : (
        <p role="alert" className="bad-text">
          这一段有 {countText(refused)} 个字，规则最多 {countText(mostText)} 个字，没有放进来；规则仍是原来的。
        </p>
      )}
      <Input.TextArea
        aria-label="规则的 JSON"
        className="code-text"
        rows={28}
        spellCheck={false}
        status={wrong === '' ? '' : 'error'}
        value={text ?? written(keep.item)}
        onChange={(event) => write(event.target.value)}
      />
      <FindingLines placed rows={findingsOf(looked).slice(0, 12)} />
    </div>
  );
};
