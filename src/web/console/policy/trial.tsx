// What if a threshold or an amount were another: one slider per figure of the rule. A trial changes nothing until it is taken.
import { Button, InputNumber, Slider } from 'antd';
import { get, isJson, type Json, kindOf, put } from './document.ts';
import type { Keep } from './keep.ts';
import { useWords } from './names.tsx';

export interface Trial {
  readonly at: string;
  readonly value: number;
}

interface Figure {
  readonly at: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

const conditionsIn = (whole: unknown, at: string): readonly { readonly at: string; readonly node: Json }[] => {
  const node = get(whole, at);
  if (!isJson(node)) return [];
  const kind = kindOf(node);
  if (kind === 'leaf') return [{ at, node }];
  if (kind === 'not') return conditionsIn(whole, `${at}/not`);
  if (kind === 'raw') return [];
  return (node[kind] as readonly unknown[]).flatMap((_, i) => conditionsIn(whole, `${at}/${kind}/${i}`));
};

const moneyKeys: Readonly<Record<string, string>> = { yuan: '金额', cap: '封顶', floor: '保底', minimum: '起付', rate: '比例' };

const awardIn = (node: unknown, at: string): readonly Figure[] => {
  if (!isJson(node) && !Array.isArray(node)) return [];
  return Object.entries(node).flatMap(([key, value]): readonly Figure[] => {
    const here = `${at}/${key}`;
    const label = moneyKeys[key];
    if (label !== undefined && typeof value === 'number') {
      const [, row] = /rows\/(\d+)\//.exec(here) ?? [];
      return [{ at: here, label: row === undefined ? label : `第 ${Number(row) + 1} 档${label}`, value, unit: key === 'rate' ? '' : '元' }];
    }
    return key === 'when' ? [] : awardIn(value, here);
  });
};

const useFigures = (item: Json): readonly Figure[] => {
  const words = useWords();
  const leaves = conditionsIn(item, '/conditions').flatMap(({ at, node }): readonly Figure[] => {
    const fact = words.find(String(node.fact));
    const asked = words.operator(String(node.operator));
    if (typeof node.value !== 'number' || fact === undefined || asked === undefined) return [];
    return [{ at: `${at}/value`, label: `${fact.label}${asked.label}`, value: node.value, unit: fact.type.unit ?? '' }];
  });
  return [...leaves, ...awardIn(item.award, '/award')].slice(0, 12);
};

/** Half as much to half as much again, in steps a person would take. */
const range = (value: number): { readonly min: number; readonly max: number; readonly step: number } => {
  if (value === 0) return { min: 0, max: 10, step: 1 };
  const size = Math.abs(value);
  const step = Number.isInteger(value) ? Math.max(1, 10 ** Math.floor(Math.log10(size / 10))) : 10 ** Math.floor(Math.log10(size / 10));
  const round = (n: number) => Number((Math.round(n / step) * step).toFixed(8));
  return { min: Math.max(0, round(size * 0.5)), max: round(size * 1.5), step: Number(step.toFixed(8)) };
};

interface Given {
  readonly keep: Keep;
  readonly trial: Trial | null;
  readonly setTrial: (trial: Trial | null) => void;
}

export const Sliders = ({ keep, trial, setTrial }: Given) => {
  const figures = useFigures(keep.item);
  if (figures.length === 0) return null;
  return (
    <>
      <h3>试着改一个数</h3>
      <div className="sliders">
        {figures.map((one) => {
          const tried = trial?.at === one.at ? trial.value : one.value;
          const { min, max, step } = range(one.value);
          const move = (value: number | null) => setTrial(value === null || value === one.value ? null : { at: one.at, value });
          return (
            <div key={one.at}>
              <span title={one.label}>{one.label}</span>
              <Slider
                min={Math.min(min, tried)}
                max={Math.max(max, tried)}
                step={step}
                value={tried}
                onChange={move}
                tooltip={{ open: false }}
                ariaLabelForHandle={`试改${one.label}`}
              />
              <InputNumber
                aria-label={`${one.label}试为`}
                size="small"
                controls={false}
                value={tried}
                onChange={move}
                style={{ width: 76 }}
              />
              <span className="hint">{one.unit}</span>
            </div>
          );
        })}
      </div>
      {trial === null ? null : (
        <p className="shift">
          <Button
            size="small"
            type="primary"
            onClick={() => {
              keep.change((item) => put(item, trial.at, trial.value));
              setTrial(null);
            }}
          >
            改成这个数
          </Button>
          <Button size="small" onClick={() => setTrial(null)}>
            不改，回到原数
          </Button>
        </p>
      )}
    </>
  );
};

export const tried = (item: Json, trial: Trial | null): Json =>
  trial === null || get(item, trial.at) === undefined ? item : put(item, trial.at, trial.value);
