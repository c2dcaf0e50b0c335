// What is done from one person's page for whoever called: somebody else looks again (and what was refused wrongly is paid back), and the account is put right.
// No act here pays anything: an upheld request brings the line back, corrected data bring the next run.
import { Form, Input, Select } from 'antd';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { useHolds } from '../session.tsx';
import { periodText } from '../words.ts';
import { AttestButton } from './attest.tsx';
import type { Person } from './person.tsx';
import type { Purpose } from './purpose.tsx';

type Money = Person['disbursements'][number];

interface Again {
  readonly period: string;
  readonly text: string;
  readonly phone: string;
  readonly name?: string;
  readonly number?: string;
}

interface AgainAsked {
  readonly id: string;
  readonly itemId: string;
  /** Those with an answer to look at again. */
  readonly periods: readonly string[];
  readonly record: Money | undefined;
  /** Eligible by today's data and not then: it is about back-pay. */
  readonly owed: boolean;
}

/** Against a closed record or one in publicity it is an objection, in a real name; else a request that a person decides. */
const objectionTo = (record: Money | undefined): 'own' | 'public' | null =>
  record?.state === 'closed' ? 'own' : record?.state === 'publicity' || record?.state === 'objected' ? 'public' : null;

const ask = ({ id, itemId, record }: AgainAsked, { period, text, phone, name = '', number = '' }: Again) => {
  const kind = record === undefined || record.periodKey !== period ? null : objectionTo(record);
  return kind === null || record === undefined
    ? read(api.subjects[':id'].items[':item'].human.$post({ param: { id, item: itemId }, json: { period, text, phone } }))
    : read(api.disbursements[':id'].acts.$post({ param: { id: record.id }, json: { act: 'object', kind, name, number, phone, text } }));
};

export const LookAgainButton = (asked: AgainAsked) => {
  const kind = objectionTo(asked.record);
  return (
    <ReasonFormButton<Again>
      text={asked.owed ? '申请补发' : kind === null ? '请人重新看' : '登记异议'}
      ok="登记"
      cancel="先不办"
      disabled={asked.periods.length === 0}
      withoutReason
      first={{
        ...(asked.periods[0] === undefined ? {} : { period: asked.periods[0] }),
        ...(asked.owed ? { text: '按现在的数据这一期符合条件，请核实后补发。' } : {}),
      }}
      act={(given) => ask(asked, given)}
      said={() => '已登记，由另一人在期限内答复。'}
      about={
        <p>
          {kind === 'own' || asked.owed
            ? '登记的人不能自己答复。成立的，被拒的各期恢复，连同以后各期一并补发。'
            : '登记的人不能自己答复，由另一位审核人员在期限内写明理由答复。'}
        </p>
      }
      fields={
        <>
          <Form.Item name="period" label="哪一期" rules={[{ required: true, message: '请选期别' }]}>
            <Select options={asked.periods.map((value) => ({ value, label: periodText(value) }))} />
          </Form.Item>
          {kind === null ? null : (
            <>
              <Form.Item name="name" label="提出人姓名或单位" rules={[{ required: true, min: 2, message: '要实名' }]}>
                <Input maxLength={60} />
              </Form.Item>
              <Form.Item name="number" label="证件号码" rules={[{ required: true, message: '要实名' }]}>
                <Input maxLength={20} />
              </Form.Item>
            </>
          )}
          <Form.Item name="text" label="哪里不对" rules={[{ required: true, min: 2, max: 1000, message: '请写明哪里不对' }]}>
            <Input.TextArea rows={4} maxLength={1000} placeholder="来电人怎样说的，有什么材料" />
          </Form.Item>
          <Form.Item name="phone" label="联系电话" rules={[{ required: true, message: '答复要送得到' }]}>
            <Input maxLength={30} inputMode="tel" />
          </Form.Item>
        </>
      }
    />
  );
};

interface Answered {
  readonly account: string;
  readonly bank?: string;
  readonly reason: string;
}

const AnswerAccount = ({ record }: { readonly record: Money }) => {
  const returned = record.state === 'returned';
  return (
    <ReasonFormButton<Omit<Answered, 'reason'>, void>
      text="更正账户"
      ok="更正"
      cancel="先不办"
      withoutReason
      act={async ({ account, bank = '', reason }) => {
        const json = { account, reason, ...(bank.trim() === '' ? {} : { bank: bank.trim() }) };
        if (returned) await read(api.disbursements[':id'].correct.$post({ param: { id: record.id }, json }));
        else await read(api.disbursements[':id'].acts.$post({ param: { id: record.id }, json: { act: 'answer', ...json } }));
      }}
      said={() => '账户已更正。'}
      about={<p>{returned ? '银行退了回来。更正以后，下一批重新发。' : '这一笔在等账户。补上以后继续办理。'}</p>}
      fields={
        <>
          <Form.Item name="account" label="新账号" rules={[{ required: true, message: '请填账号' }]}>
            <Input inputMode="numeric" maxLength={40} />
          </Form.Item>
          <Form.Item name="bank" label="开户行（没有变的留空）">
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="reason" label="依据（留痕）" rules={[{ required: true, min: 2, message: '请写明依据' }]}>
            <Input.TextArea rows={2} maxLength={600} placeholder="谁、何时、怎样提供的" />
          </Form.Item>
        </>
      }
    />
  );
};

/** A record that waits for an account takes it at once; any other account is its department's datum, and put right from a seen document. */
export const AccountButton = ({ person, purpose, record }: { person: Person; purpose: Purpose; record: Money | undefined }) => {
  const reviews = useHolds('reviewer');
  const makes = useHolds('finance-maker');
  if (record !== undefined && (record.state === 'returned' ? makes : reviews && (record.state === 'asking' || record.state === 'named')))
    return <AnswerAccount record={record} />;
  return reviews ? (
    <AttestButton
      text="更正账户"
      person={person}
      purpose={purpose}
      wanted={[
        { fact: 'account', label: '收款账号' },
        { fact: 'accountName', label: '户名' },
        { fact: 'bankName', label: '开户行' },
      ]}
      about="账户由部门报送。凭看到的卡或开户证明录入，另一人确认后，下一次预填用新的账户。"
    />
  ) : null;
};
