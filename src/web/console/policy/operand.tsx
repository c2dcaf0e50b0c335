// What stands to the right of an operator: a value of the fact's type, several, a span, a length of time, yes or no; or another fact of the same type.
import { Button, Input, InputNumber, Select } from 'antd';
import { isJson, type Json } from './document.ts';
import { type Name, type Type, useWords } from './names.tsx';
import { ManyValues, OneValue, YesNo } from './value.tsx';

/** What may be compared with it: the same kind, of the same tree and unit. */
const comparable = (a: Type, b: Type): boolean =>
  a.kind === b.kind && a.tree === b.tree && (a.unit === null || b.unit === null || a.unit === b.unit);

/** A first value of the right shape, when the fact or the operator has become another. */
export const firstValue = (operand: string, type: Type): unknown => {
  switch (operand) {
    case 'many':
      return [];
    case 'span':
      return {};
    case 'flag':
      return true;
    case 'duration':
      return 'P1Y';
    case 'codes':
      return '';
    default:
      return type.kind === 'boolean' ? true : type.kind === 'number' ? 0 : (type.values?.[0] ?? '');
  }
};

interface Given {
  readonly fact: Name;
  readonly operand: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

const OtherFact = ({ fact, value, onChange }: Pick<Given, 'fact' | 'onChange'> & { readonly value: string }) => {
  const words = useWords();
  const options = words.names.filter((one) => one.name !== fact.name && comparable(fact.type, one.type));
  return (
    <Select
      aria-label="另一指标"
      style={{ width: 132 }}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      value={value === '' ? null : value}
      placeholder="与哪个指标比"
      onChange={(name: string) => onChange({ fact: name })}
      options={options.map((one) => ({ value: one.name, label: one.label }))}
    />
  );
};

const bounds = {
  low: [
    ['from', '不低于'],
    ['above', '高于'],
  ],
  high: [
    ['to', '不高于'],
    ['below', '低于'],
  ],
} as const;
const dated: Readonly<Record<string, string>> = { from: '不早于', above: '晚于', to: '不晚于', below: '早于' };

const Span = ({ fact, value, onChange }: Given) => {
  const span: Json = isJson(value) ? value : {};
  const type = fact.type;
  const end = (side: 'low' | 'high') => {
    const keys = bounds[side].map(([key]) => key as string);
    const given = Object.keys(span).find((key) => keys.includes(key) || (side === 'high' && key === 'upTo'));
    const key = given ?? keys[0] ?? '';
    const write = (name: string, bound: unknown) => {
      const { [key]: _, ...rest } = span;
      onChange(bound === null || bound === '' ? rest : { ...rest, [name]: bound });
    };
    return (
      <span className="value" key={side}>
        <Select
          aria-label={side === 'low' ? '下限含不含' : '上限含不含'}
          style={{ width: 90 }}
          value={key === 'upTo' ? 'to' : key}
          onChange={(name: string) => write(name, span[key] ?? null)}
          options={bounds[side].map(([name, text]) => ({ value: name, label: type.kind === 'date' ? dated[name] : text }))}
        />
        {isJson(span[key]) ? (
          <span className="hint">指标 {String((span[key] as Json).fact)}</span>
        ) : (
          <OneValue
            label={side === 'low' ? '下限' : '上限'}
            type={type}
            value={span[key] ?? null}
            onChange={(next) => write(key, next)}
            width={110}
          />
        )}
      </span>
    );
  };
  return (
    <span className="value wide">
      {end('low')}
      {end('high')}
    </span>
  );
};

const units = [
  { value: 'Y', label: '年' },
  { value: 'M', label: '个月' },
  { value: 'D', label: '天' },
];

const Duration = ({ value, onChange }: Pick<Given, 'value' | 'onChange'>) => {
  const whole: Json = isJson(value) ? value : { duration: value };
  const of = whole.of === 'period.start' ? 'period.start' : 'period.end';
  const [, digits = '', unit = 'Y'] = /^P(\d+)([YMD])$/.exec(String(whole.duration)) ?? [];
  const write = (n: string, u: string, from: string) => onChange(from === 'period.end' ? `P${n}${u}` : { duration: `P${n}${u}`, of: from });
  if (digits === '')
    return (
      <Input aria-label="时长" style={{ width: 140 }} value={String(whole.duration ?? '')} onChange={(e) => onChange(e.target.value)} />
    );
  return (
    <span className="value">
      <InputNumber
        aria-label="时长"
        style={{ width: 70 }}
        min={1}
        controls={false}
        value={Number(digits)}
        onChange={(n) => n !== null && write(String(n), unit, of)}
      />
      <Select aria-label="时长单位" style={{ width: 80 }} value={unit} onChange={(u: string) => write(digits, u, of)} options={units} />
      <Select
        aria-label="从哪天算"
        style={{ width: 100 }}
        value={of}
        onChange={(from: string) => write(digits, unit, from)}
        options={[
          { value: 'period.end', label: '到期末' },
          { value: 'period.start', label: '到期初' },
        ]}
      />
    </span>
  );
};

const Fixed = ({ fact, operand, value, onChange }: Given) => {
  const type: Type = fact.type.kind === 'set' ? { ...fact.type, kind: fact.type.tree === null ? 'text' : 'code' } : fact.type;
  switch (operand) {
    case 'flag':
      return (
        <YesNo
          label="有没有"
          value={value}
          onChange={onChange}
          options={[
            { value: true, label: '没有' },
            { value: false, label: '有' },
          ]}
        />
      );
    case 'span':
      return <Span fact={fact} operand={operand} value={value} onChange={onChange} />;
    case 'duration':
      return <Duration value={value} onChange={onChange} />;
    case 'many':
      return <ManyValues label="值" type={type} value={value} onChange={onChange} />;
    case 'codes': {
      const written = (next: unknown) => onChange(Array.isArray(next) && next.length === 1 ? next[0] : next);
      return <ManyValues label="值" type={type} value={value === '' ? [] : value} onChange={written} />;
    }
    default:
      return <OneValue label="值" type={type} value={value} onChange={onChange} />;
  }
};

/** Fixed, or another fact; one button between the two. */
export const OperandEditor = (given: Given) => {
  const { fact, operand, value, onChange } = given;
  const other = isJson(value) && typeof value.fact === 'string' ? value.fact : null;
  const may = operand === 'one' || operand === 'many' || operand === 'element';
  return (
    <span className="value">
      {other === null ? <Fixed {...given} /> : <OtherFact fact={fact} value={other} onChange={onChange} />}
      {may ? (
        <Button
          size="small"
          type="text"
          title={other === null ? '改为与另一个指标比' : '改为固定的值'}
          onClick={() => onChange(other === null ? { fact: '' } : firstValue(operand, fact.type))}
        >
          {other === null ? '比指标' : '固定值'}
        </Button>
      ) : null}
    </span>
  );
};
