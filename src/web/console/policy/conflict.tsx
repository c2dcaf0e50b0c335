// Saved twice: what stands on the server beside what stands here, by the parts that differ, and one choice between the two. Neither is lost until it is made.
import { Alert, Button } from 'antd';
import { counting } from './count-shapes.ts';
import { isJson, type Json } from './document.ts';
import { identity, remarks } from './identity-shapes.ts';
import type { Keep } from './keep.ts';
import type { Saving } from './saving.ts';
import { way } from './way-shapes.ts';

/** As the tabs name them. */
const parts: Readonly<Record<string, string>> = {
  ...{ conditions: '条件', facts: '指标', award: '标准', examples: '例子' },
  ...Object.fromEntries([...identity, ...counting, ...way, ...remarks].map(({ key, label }) => [key, label])),
};

const differing = (a: Json, b: Json): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));

const Side = ({ title, value }: { readonly title: string; readonly value: unknown }) => (
  <div>
    <h4>{title}</h4>
    <pre>{value === undefined ? '（没有）' : JSON.stringify(value, null, 1)}</pre>
  </div>
);

export const Conflict = ({ saving, keep, reload }: { readonly saving: Saving; readonly keep: Keep; readonly reload: () => void }) => {
  const { conflict } = saving;
  if (conflict === null) return null;
  const there = isJson(conflict.content) ? conflict.content : {};
  const keys = differing(keep.item, there);
  return (
    <Alert
      type="warning"
      role="alert"
      className="trouble"
      title="这份草稿已在别的窗口存过，没有覆盖。"
      description={
        <>
          <p>不同的地方：{keys.length === 0 ? '没有，两边一样' : keys.map((key) => parts[key] ?? key).join('、')}。选一份留下：</p>
          <p className="shift">
            <Button type="primary" onClick={() => saving.settle(conflict)}>
              用这里的（再按保存覆盖那边）
            </Button>
            <Button onClick={reload}>用那边的（放弃这里的改动）</Button>
          </p>
          <details>
            <summary>看两边的差别</summary>
            {keys.slice(0, 6).map((key) => (
              <section key={key} className="both">
                <h3>{parts[key] ?? key}</h3>
                <Side title="这里的" value={keep.item[key]} />
                <Side title="那边的" value={there[key]} />
              </section>
            ))}
          </details>
        </>
      }
    />
  );
};
