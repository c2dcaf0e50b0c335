// Who receives what was due to somebody who has died: named from a document by one person, confirmed by another; or the report of the death was wrong.
import { Form, Input, Select } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { keepScan, ScanField, type Scanned } from '../scan.tsx';
import { heirRelations, optionsOf } from './stop-words.ts';

interface Values extends Scanned {
  readonly relation: keyof typeof heirRelations;
  readonly name: string;
  readonly number: string;
  readonly phone?: string;
  readonly email?: string;
  readonly account: string;
  readonly bank?: string;
  readonly bankCode?: string;
}

const send = (json: Parameters<typeof api.heirs.$post>[0]['json']) => read(api.heirs.$post({ json }));

/** What was left empty is not said. */
const written = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value !== 'string' || value.trim() !== '')) as T;

const fields = (
  <>
    <Form.Item name="relation" label="和逝者的关系" rules={[{ required: true, message: '请选关系' }]}>
      <Select options={optionsOf(heirRelations)} />
    </Form.Item>
    <Form.Item name="name" label="姓名" rules={[{ required: true, message: '照证件填写' }]}>
      <Input maxLength={60} />
    </Form.Item>
    <Form.Item name="number" label="公民身份号码" rules={[{ required: true, message: '照证件填写' }]}>
      <Input maxLength={20} />
    </Form.Item>
    <Form.Item name="account" label="收款账号" rules={[{ required: true, message: '请填账号' }]}>
      <Input inputMode="numeric" maxLength={40} />
    </Form.Item>
    <Form.Item name="bank" label="开户银行" extra="写开户银行，或下面的联行号。">
      <Input maxLength={100} />
    </Form.Item>
    <Form.Item name="bankCode" label="联行号（12 位）">
      <Input inputMode="numeric" maxLength={12} />
    </Form.Item>
    <Form.Item name="phone" label="联系电话（没有的留空）">
      <Input inputMode="tel" maxLength={30} />
    </Form.Item>
    <Form.Item name="email" label="电子邮件（没有的留空，告知改为书面）">
      <Input maxLength={100} />
    </Form.Item>
    <ScanField label="关系证明扫描件" />
  </>
);

/** Acts on a record that waits because its person has died. */
export const DeceasedActs = ({ id }: { readonly id: string }) => (
  <>
    <ReasonFormButton<Values>
      text="登记继承人"
      about={<p>这个人这个事项等着的各期都转给登记的人。另一位审核人员看过材料确认以后才发。</p>}
      width={560}
      fields={fields}
      act={async ({ scan, ...said }) => await send({ act: 'name', id, ...written(said), document: await keepScan(scan) })}
      said={() => '已登记，等另一人确认。'}
    />
    <ReasonButton
      text="人还在，恢复"
      about={<p>死亡报送有误，本人还在：这一条接着原来的步骤办，下一次封批时照最新的数据核验。</p>}
      act={({ reason }) => send({ act: 'alive', id, reason })}
      said={() => '已恢复，接着原来的步骤办。'}
    />
  </>
);
