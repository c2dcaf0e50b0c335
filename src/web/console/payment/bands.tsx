// 复核档次: how many have to check a batch of what amount, and whether the head is one of them. Read by all of finance, told by those who check.
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Space } from 'antd';
import { parseYuan } from '../../../base/amount.ts';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { useHolds } from '../session.tsx';
import { money } from '../words.ts';

const ask = () => read(api['approval-bands'].$get());
type Band = Awaited<ReturnType<typeof ask>>['rows'][number];

interface Written {
  readonly upTo?: string;
  readonly checkers: number;
  readonly head?: boolean;
}
interface Bands {
  readonly bands: readonly Written[];
}

const yuanOf = (fen: string): string => `${fen.padStart(3, '0').slice(0, -2)}.${fen.padStart(3, '0').slice(-2)}`.replace(/\.00$/, '');

const written = ({ upToFen, checkers, roles }: Band): Written => ({
  ...(upToFen === null ? {} : { upTo: yuanOf(upToFen) }),
  ...{ checkers, head: roles.includes('finance-head') },
});

const tell = ({ bands }: Bands) =>
  read(
    api['approval-bands'].$post({
      json: {
        bands: bands.map(({ upTo, checkers, head }, i) => ({
          upToFen: i === bands.length - 1 ? null : String(parseYuan(upTo ?? '') ?? 0n),
          ...{ checkers, roles: head === true ? (['finance-head'] as const).slice() : [] },
        })),
      },
    }),
  );

const said = ({ upToFen, checkers, roles }: Band): string =>
  `${upToFen === null ? '以上' : `不超过 ${money(upToFen)}`}：${checkers} 人复核${roles.includes('finance-head') ? '，要有财政负责人' : ''}`;

const Fields = () => (
  <Form.List name="bands">
    {(fields, { add, remove }) => (
      <>
        {fields.map((field, n) => {
          const last = n === fields.length - 1;
          return (
            <Space key={field.key} align="baseline" wrap>
              {last ? (
                <Form.Item label={fields.length === 1 ? '不论多少' : '再多的'} style={{ width: 170 }} />
              ) : (
                <Form.Item
                  name={[field.name, 'upTo']}
                  label="不超过（元）"
                  rules={[{ required: true, pattern: /^\d+(\.\d{1,2})?$/, message: '写作 500000' }]}
                >
                  <Input inputMode="decimal" style={{ width: 170 }} />
                </Form.Item>
              )}
              <Form.Item name={[field.name, 'checkers']} label="几人复核" rules={[{ required: true, message: '1 至 5 人' }]}>
                <InputNumber min={1} max={5} precision={0} style={{ width: 90 }} />
              </Form.Item>
              <Form.Item name={[field.name, 'head']} valuePropName="checked" label=" ">
                <Checkbox>要有财政负责人</Checkbox>
              </Form.Item>
              {last ? null : (
                <Button size="small" aria-label={`删去第 ${n + 1} 档`} onClick={() => remove(field.name)}>
                  删去
                </Button>
              )}
            </Space>
          );
        })}
        <p>
          <Button size="small" onClick={() => add({ checkers: 1 }, Math.max(0, fields.length - 1))}>
            加一档
          </Button>
        </p>
      </>
    )}
  </Form.List>
);

export const ApprovalBands = () => {
  const checks = useHolds('finance-checker', 'finance-head');
  const { data } = useQuery({ queryKey: ['approval-bands'], queryFn: ask });
  if (data === undefined) return null;
  return (
    <p className="hint">
      复核档次：{data.rows.map(said).join('；')}。{' '}
      {checks ? (
        <ReasonFormButton<Bands>
          key={JSON.stringify(data.rows)}
          text="改复核档次"
          withoutReason
          about={<p>已签的算数，以后封批、复核、签发照新的。改的人自己经手的批次，仍按改以前较严的。</p>}
          first={{ bands: data.rows.map(written) }}
          fields={<Fields />}
          act={tell}
          said={() => '已改定复核档次。'}
        />
      ) : null}
    </p>
  );
};
