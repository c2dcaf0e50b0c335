// A question about a series of figures: which figure, what of it, of which periods.
import { Input, InputNumber, Select } from 'antd';
import { useWords, type Words } from './names.tsx';
import { type Question, questions, type SeriesAsk, type Unit, units, type When } from './series-text.ts';

const backText = ({ unit, back, key }: When): string => {
  if (unit === 'fixed') return key;
  const [now, last] = {
    month: ['当月', '上月'],
    quarter: ['当季', '上季'],
    year: ['当年', '上年'],
    own: ['本期', '上期'],
    fixed: ['', ''],
  }[unit];
  return back === 0 ? (now ?? '') : back === 1 ? (last ?? '') : `${back} ${units[unit]}前`;
};

export const seriesName = ({ series, ask, from, to, times }: SeriesAsk, words: Words): string => {
  const label = words.find(series)?.label ?? series;
  const span = `${backText(from)}到${backText(to)}`;
  const said: Readonly<Record<Question, string>> = {
    value: `${backText(to)}${label}`,
    sum: `${span}${label}合计`,
    average: `${span}${label}平均`,
    max: `${span}${label}最大`,
    min: `${span}${label}最小`,
    growth: `${backText(to)}${label}比${backText(from)}增长`,
    months: `连续有${label}的月数`,
    rising: `到${backText(to)}${label}连续 ${times} 期增长`,
  };
  return said[ask].slice(0, 60);
};

const WhenInput = ({
  label,
  value,
  change,
  fixed,
}: {
  readonly label: string;
  readonly value: When;
  readonly change: (next: When) => void;
  readonly fixed: boolean;
}) => (
  <span className="value">
    {label}
    <Select<Unit>
      aria-label={`${label}按什么数`}
      style={{ width: 106 }}
      value={value.unit}
      onChange={(unit) => change({ unit, back: 0, key: '' })}
      options={(['month', 'quarter', 'year', 'own', ...(fixed ? (['fixed'] as const) : [])] as const).map((unit) => ({
        value: unit,
        label: { month: '按月', quarter: '按季', year: '按年', own: '按所属期', fixed: '固定的期' }[unit],
      }))}
    />
    {value.unit === 'fixed' ? (
      <Input
        aria-label={`${label}哪一期`}
        style={{ width: 100 }}
        placeholder="2024Q1"
        value={value.key}
        onChange={(event) => change({ ...value, key: event.target.value.trim() })}
      />
    ) : (
      <>
        往前
        <InputNumber
          aria-label={`${label}往前几期`}
          style={{ width: 60 }}
          min={0}
          max={120}
          precision={0}
          controls={false}
          value={value.back}
          onChange={(back) => change({ ...value, back: back ?? 0 })}
        />
        <span className="hint">{backText(value)}</span>
      </>
    )}
  </span>
);

const two: readonly Question[] = ['sum', 'average', 'max', 'min', 'growth'];
const walked: readonly Question[] = ['max', 'min'];

export const SeriesForm = ({ ask: given, change }: { readonly ask: SeriesAsk; readonly change: (next: SeriesAsk) => void }) => {
  const words = useWords();
  const series = words.names.filter((one) => one.type.kind === 'series');
  const { ask, from, to, times } = given;
  // A window that is walked has both ends in one kind of period.
  const ends = (next: Partial<Pick<SeriesAsk, 'from' | 'to'>>) => {
    const made = { ...given, ...next };
    const [moved, other] = next.from === undefined ? [made.to, made.from] : [made.from, made.to];
    if (!walked.includes(ask) || moved.unit === other.unit) return change(made);
    change({ ...given, from: { ...from, unit: moved.unit }, to: { ...to, unit: moved.unit } });
  };
  const pick = (next: Question) => {
    const mixed = walked.includes(next) && (from.unit !== to.unit || to.unit === 'fixed');
    change({
      ...given,
      ask: next,
      ...(mixed ? { from: { unit: 'month', back: 11, key: '' }, to: { unit: 'month', back: 0, key: '' } } : {}),
    });
  };
  return (
    <div className="list-form">
      <div className="leaf">
        <Select
          aria-label="哪个指标的各期数值"
          style={{ width: 240 }}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="选指标"
          value={given.series === '' ? null : given.series}
          onChange={(name: string) => change({ ...given, series: name })}
          options={series.map((one) => ({ value: one.name, label: one.label }))}
        />
        <Select<Question>
          aria-label="看什么"
          style={{ width: 220 }}
          value={ask}
          onChange={pick}
          options={(Object.keys(questions) as Question[]).map((one) => ({ value: one, label: questions[one] }))}
        />
        {ask === 'rising' ? (
          <span className="value">
            连续
            <InputNumber
              aria-label="连续几期"
              style={{ width: 60 }}
              min={1}
              max={120}
              precision={0}
              controls={false}
              value={times}
              onChange={(n) => change({ ...given, times: n ?? 1 })}
            />
            期
          </span>
        ) : null}
      </div>
      {ask === 'months' ? (
        <p className="hint">从期末那个月往回数，数到没有数的月份为止。</p>
      ) : (
        <div className="leaf">
          {two.includes(ask) ? (
            <WhenInput
              label={ask === 'growth' ? '比' : '从'}
              value={from}
              change={(next) => ends({ from: next })}
              fixed={!walked.includes(ask)}
            />
          ) : null}
          <WhenInput
            label={ask === 'growth' ? '这一期' : two.includes(ask) ? '到' : '哪一期'}
            value={to}
            change={(next) => ends({ to: next })}
            fixed={!walked.includes(ask)}
          />
        </div>
      )}
    </div>
  );
};
