// What a reviewer decides while a guard's data are late: go on waiting until a day, or let those who had it last time keep it for some days more.
import { Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { useStaff } from '../session.tsx';
import { dayText, periodText } from '../words.ts';
import type { Row } from './readiness.tsx';

interface Values {
  readonly choice: 'extend' | 'wait';
  readonly days?: number;
  readonly until?: string;
}

const ChoiceFields = ({ today }: { readonly today: string }) => {
  const [choice, setChoice] = useState<Values['choice']>('extend');
  return (
    <>
      <Form.Item name="choice" label="怎么办">
        <Radio.Group
          className="upright"
          onChange={(event) => setChoice(event.target.value as Values['choice'])}
          options={[
            { value: 'extend', label: '对上期已享受的人延长有效期，照常发' },
            { value: 'wait', label: '等到某一天，先不发' },
          ]}
        />
      </Form.Item>
      {choice === 'extend' ? (
        <Form.Item name="days" label="延长几天" rules={[{ required: true, message: '1 到 366 天' }]}>
          <InputNumber min={1} max={366} />
        </Form.Item>
      ) : (
        <Form.Item name="until" label="等到哪天" rules={[{ required: true, message: '请选日子' }]}>
          <Input type="date" min={today} style={{ width: 160 }} />
        </Form.Item>
      )}
    </>
  );
};

export const DecideLate = ({ row, wait }: { readonly row: Row; readonly wait: Row['waits'][number] }) => {
  const { today } = useStaff();
  const made = wait.decision;
  const act = ({ choice, days, until, reason }: Values & { readonly reason: string }) =>
    read(
      api.readiness.decisions.$post({
        json: {
          ...{ item: row.itemId, period: row.periodKey, dataset: wait.name, reason },
          choice: choice === 'extend' ? { kind: 'extend', days: days ?? 0 } : { kind: 'wait', until: until ?? '' },
        },
      }),
    );
  return (
    <div>
      {made === null ? null : (
        <span className="hint">
          已决定{made.choice === 'extend' ? '延长有效期' : '等待'}，到 {dayText(made.until)}。
        </span>
      )}
      <ReasonFormButton<Values>
        text="迟到的核验数据怎么办"
        label={`迟到的核验数据怎么办 ${row.title} ${wait.label}`}
        about={
          <p>
            {row.title} {periodText(row.periodKey)}：{wait.text}。决定留痕，下一次封存、匹配照此办；新增的人一律等数据。
          </p>
        }
        first={{ choice: 'extend', days: 30 }}
        fields={<ChoiceFields today={today} />}
        act={act}
        said={() => '已决定，下一次封存、匹配照此办。'}
      />
    </div>
  );
};
