// 分期退: on which days how much comes back, agreed with whoever owes. The server holds the sum and the order of the days.
import { Button, Form, Input, Space } from 'antd';
import { formatYuan, parseYuan } from '../../../base/amount.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { money } from '../words.ts';

interface Part {
  readonly dueOn: string;
  readonly yuan: string;
}
interface Plan {
  readonly instalments: readonly Part[];
}

/** What is not yet shared out, as one writes it; empty where all is. */
const restOf = (left: bigint, parts: readonly (Partial<Part> | undefined)[]): string => {
  const rest = parts.reduce((sum, part) => sum - (parseYuan(part?.yuan ?? '') ?? 0n), left);
  return rest > 0n ? formatYuan(rest).replace(/[^\d.]/g, '') : '';
};

const Parts = ({ left }: { readonly left: bigint }) => {
  const form = Form.useFormInstance<Plan>();
  return (
    <Form.List name="instalments">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field, n) => (
            <Space key={field.key} align="baseline" wrap>
              <Form.Item name={[field.name, 'dueOn']} label={`第 ${n + 1} 期`} rules={[{ required: true, message: '请选日期' }]}>
                <Input type="date" style={{ width: 170 }} />
              </Form.Item>
              <Form.Item
                name={[field.name, 'yuan']}
                label="退（元）"
                rules={[{ required: true, pattern: /^\d+(\.\d{1,2})?$/, message: '写作 120.00' }]}
              >
                <Input inputMode="decimal" style={{ width: 130 }} />
              </Form.Item>
              {fields.length < 2 ? null : (
                <Button size="small" aria-label={`删去第 ${n + 1} 期`} onClick={() => remove(field.name)}>
                  删去
                </Button>
              )}
            </Space>
          ))}
          <p>
            <Button size="small" onClick={() => add({ yuan: restOf(left, form.getFieldValue('instalments') ?? []) })}>
              加一期
            </Button>
          </p>
        </>
      )}
    </Form.List>
  );
};

export const PlanButton = ({
  owed,
  act,
}: {
  /** 分 */
  readonly owed: bigint;
  readonly act: (plan: Plan & { readonly reason: string }) => Promise<unknown>;
}) => (
  <ReasonFormButton<Plan>
    text="分期退"
    about={<p>还欠 {money(String(owed))}，各期加起来要正好是这么多。以前定的分期由这一次代替，会告知当事人。</p>}
    first={{ instalments: [{ dueOn: '', yuan: restOf(owed, []) }] }}
    fields={<Parts left={owed} />}
    act={act}
    said={() => '已定分期，会告知当事人。'}
  />
);
