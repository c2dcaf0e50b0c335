// What if a threshold or an amount were another: one slider per figure of the rule, and for the one in hand how many and how much over its whole range. A trial
// changes nothing until it is taken.
import { Button, InputNumber, Slider } from 'antd';
import { useState } from 'react';
import { Curve } from './curve.tsx';
import { get, type Json, put } from './document.ts';
import type { Keep } from './keep.ts';
import { useWords } from './names.tsx';
import { amountsIn, type Figure, leavesIn, rangeOf } from './trial-figures.ts';

export interface Trial {
  readonly at: string;
  readonly value: number;
}

/** More than these make the pane a list nobody reads. */
const most = 16;

const useFigures = (item: Json): readonly Figure[] => {
  const words = useWords();
  const leaves = leavesIn(item, '/conditions').flatMap(({ at, node }): readonly Figure[] => {
    const fact = words.find(String(node.fact));
    const asked = words.operator(String(node.operator));
    if (typeof node.value !== 'number' || fact === undefined || asked === undefined) return [];
    return [{ at: `${at}/value`, label: `${fact.label}${asked.label}`, value: node.value, unit: fact.type.unit ?? '' }];
  });
  return [...leaves, ...amountsIn(item.award, '/award'), ...amountsIn(item.instalments, '/instalments')];
};

interface Given {
  readonly keep: Keep;
  readonly trial: Trial | null;
  readonly setTrial: (trial: Trial | null) => void;
}

const Row = ({
  figure,
  shown,
  show,
  trial,
  setTrial,
}: { readonly figure: Figure; readonly shown: boolean; readonly show: () => void } & Omit<Given, 'keep'>) => {
  const value = trial?.at === figure.at ? trial.value : figure.value;
  const { min, max, step } = rangeOf(figure.value);
  const move = (next: number | null) => {
    show();
    setTrial(next === null || next === figure.value ? null : { at: figure.at, value: next });
  };
  return (
    <div className={shown ? 'here' : ''}>
      <button type="button" className="link" title={`${figure.label}：看曲线`} aria-pressed={shown} onClick={show}>
        {figure.label}
      </button>
      <InputNumber
        aria-label={`${figure.label}试为`}
        size="small"
        controls={false}
        value={value}
        onChange={move}
        onFocus={show}
        style={{ width: 96 }}
      />
      <span className="hint">{figure.unit}</span>
      {shown ? (
        <Slider
          min={Math.min(min, value)}
          max={Math.max(max, value)}
          step={step}
          value={value}
          onChange={move}
          tooltip={{ open: false }}
          ariaLabelForHandle={`试改${figure.label}`}
        />
      ) : null}
    </div>
  );
};

export const Sliders = ({ keep, trial, setTrial }: Given) => {
  const figures = useFigures(keep.item);
  const [picked, setPicked] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const [first] = figures;
  if (first === undefined) return null;
  const shown = figures.find((one) => one.at === picked) ?? first;
  const unit = keep.item.audience === 'enterprise' ? '户' : '人';
  const take = () => {
    if (trial === null) return;
    keep.change((item) => put(item, trial.at, typeof get(item, trial.at) === 'string' ? String(trial.value) : trial.value));
    setTrial(null);
  };
  return (
    <section aria-label="试着改一个数">
      <h3>试着改一个数</h3>
      <Curve
        item={keep.item}
        figure={shown}
        unit={unit}
        value={trial?.at === shown.at ? trial.value : shown.value}
        pick={(value) => setTrial(value === shown.value ? null : { at: shown.at, value })}
      />
      {trial === null ? null : (
        <p className="shift">
          <Button size="small" type="primary" onClick={take}>
            改成这个数
          </Button>
          <Button size="small" onClick={() => setTrial(null)}>
            不改，回到原数
          </Button>
        </p>
      )}
      <div className="sliders">
        {figures.slice(0, all ? figures.length : most).map((figure) => (
          <Row
            key={figure.at}
            figure={figure}
            shown={figure.at === shown.at}
            show={() => setPicked(figure.at)}
            trial={trial}
            setTrial={setTrial}
          />
        ))}
      </div>
      {figures.length > most && !all ? (
        <Button size="small" type="text" onClick={() => setAll(true)}>
          还有 {figures.length - most} 个数
        </Button>
      ) : null}
    </section>
  );
};

export const tried = (item: Json, trial: Trial | null): Json => {
  if (trial === null) return item;
  const before = get(item, trial.at);
  return before === undefined ? item : put(item, trial.at, typeof before === 'string' ? String(trial.value) : trial.value);
};
