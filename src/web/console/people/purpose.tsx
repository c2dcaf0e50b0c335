// Why somebody is looked at: a reason and a work order, asked before anything is shown and carried in the address; every look is written down with them.
import { Button, Form, Input, Select } from 'antd';
import { type LookReason, lookReasons } from '../../../consult/consult.ts';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';

export interface Purpose {
  readonly reason: string;
  readonly order: string;
}

/** What the page's address says; null: not said yet. */
export const usePurpose = (): Purpose | null => {
  const [{ reason, order }] = useFilters<'reason' | 'order'>();
  return reason === undefined || order === undefined || !Object.hasOwn(lookReasons, reason) ? null : { reason, order };
};

export const purposeText = ({ reason, order }: Purpose): string => `${lookReasons[reason as LookReason]}，工单 ${order}`;

/** The two fields; in the sample city the people are made up, and so is the order. */
export const PurposeFields = () => {
  const { demo } = useStaff();
  const reasons = Object.entries(lookReasons).filter(([code]) => demo || code !== 'demo');
  return (
    <>
      <Form.Item name="reason" label="事由" initialValue="call" rules={[{ required: true }]}>
        <Select style={{ width: 220 }} options={reasons.map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item
        name="order"
        label="工单号"
        extra="编号，例如 GD-2026-0412；不要写身份号码。"
        rules={[{ required: true, min: 2, max: 40, message: '请写工单号，2 到 40 个字' }]}
      >
        <Input style={{ width: 220 }} autoComplete="off" maxLength={40} />
      </Form.Item>
    </>
  );
};

export const AskPurpose = ({ done }: { readonly done: (purpose: Purpose) => void }) => (
  <Form<Purpose> layout="vertical" requiredMark={false} onFinish={done} className="narrow-form">
    <p>个人资料只为办事查看。谁、何时、为什么、看了哪些，都会留痕，本人可以问到。</p>
    <PurposeFields />
    <Button type="primary" htmlType="submit">
      查看
    </Button>
  </Form>
);
