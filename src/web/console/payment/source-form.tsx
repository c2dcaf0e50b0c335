// A funding source registered from its document: from nothing, or from the words of one that is there; the payer's account is typed each time, for it leaves
// the server masked.
import { Form, Input, InputNumber, Select } from 'antd';
import { parseYuan } from '../../../base/amount.ts';
import { fundingLevels, fundingNatures } from '../../../payment/states.ts';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { useStaff } from '../session.tsx';
import { ItemChoice } from '../titles.tsx';
import type { Source, Sources } from './sources.tsx';

/** The fields are named as the server names them in its problems. */
interface Values {
  readonly itemId: string;
  readonly year: number;
  readonly document: string;
  readonly amount: string;
  readonly projectCode: string;
  readonly subjectCode: string;
  readonly nature: Source['nature'];
  readonly level: Source['level'];
  readonly payerName: string;
  readonly payerAccount: string;
  readonly payerBank: string;
  readonly payerBankCode: string;
  readonly format: string;
  readonly share?: string;
  readonly rank?: number;
}

/** `60` or `33.33` per cent as parts of ten thousand, exact. */
const shareOf = (text: string): number => {
  const [whole = '', rest = ''] = text.split('.');
  return Number(whole) * 100 + Number(rest.padEnd(2, '0'));
};

const register = ({ amount, share, rank, ...said }: Values) =>
  read(
    api['funding-sources'].$post({
      json: {
        ...said,
        payerAccount: said.payerAccount.replaceAll(/\s/g, ''),
        payerBankCode: said.payerBankCode.trim(),
        amountFen: String(parseYuan(amount) ?? 0n),
        shareBp: share === undefined || share === '' ? null : shareOf(share),
        rank: rank ?? 0,
      } as never,
    }),
  );

const needed = (message: string) => [{ required: true, message }];
const options = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));

const Fields = ({ formats }: { readonly formats: Sources['formats'] }) => (
  <div className="two-columns">
    <Form.Item name="itemId" label="事项" rules={needed('请选事项')} className="wide">
      <ItemChoice placeholder="请选事项" />
    </Form.Item>
    <Form.Item name="document" label="指标文号" rules={needed('照预算指标文件写')}>
      <Input maxLength={100} placeholder="例如：云财社〔2026〕12号" />
    </Form.Item>
    <Form.Item name="year" label="预算年度" rules={needed('请填年度')}>
      <InputNumber min={2000} max={2100} />
    </Form.Item>
    <Form.Item
      name="amount"
      label="指标金额（元）"
      rules={[{ required: true, pattern: /^\d{1,13}(\.\d{1,2})?$/, message: '写作 1200000.00' }]}
    >
      <Input inputMode="decimal" />
    </Form.Item>
    <Form.Item name="level" label="预算级次" rules={needed('请选级次')}>
      <Select options={options(fundingLevels)} />
    </Form.Item>
    <Form.Item name="nature" label="资金性质" rules={needed('请选性质')}>
      <Select options={options(fundingNatures)} />
    </Form.Item>
    <Form.Item name="projectCode" label="项目编码" rules={needed('请填项目编码')}>
      <Input maxLength={60} />
    </Form.Item>
    <Form.Item name="subjectCode" label="科目编码" rules={needed('请填科目编码')}>
      <Input maxLength={60} />
    </Form.Item>
    <Form.Item name="payerName" label="付款户名" rules={needed('请填付款户名')}>
      <Input maxLength={100} />
    </Form.Item>
    <Form.Item name="payerAccount" label="付款账号" rules={needed('请填付款账号')}>
      <Input inputMode="numeric" maxLength={40} autoComplete="off" />
    </Form.Item>
    <Form.Item name="payerBank" label="代理银行" rules={needed('请填代理银行')}>
      <Input maxLength={100} />
    </Form.Item>
    <Form.Item name="payerBankCode" label="付款行联行号（12 位）" rules={needed('12 位数字，向开户行核对')}>
      <Input inputMode="numeric" maxLength={12} />
    </Form.Item>
    <Form.Item name="format" label="报盘格式" rules={needed('请选格式')} className="wide">
      <Select options={formats.map(({ id, title }) => ({ value: id, label: title }))} />
    </Form.Item>
    <Form.Item name="share" label="份额（%，不分摊的留空）" rules={[{ pattern: /^\d{1,3}(\.\d{1,2})?$/, message: '写作 60 或 33.33' }]}>
      <Input inputMode="decimal" />
    </Form.Item>
    <Form.Item name="rank" label="先后（小的先用）">
      <InputNumber min={0} max={1000} />
    </Form.Item>
  </div>
);

interface Asked {
  readonly formats: Sources['formats'];
  readonly like?: Source;
  /** What the page was opened for. */
  readonly wanted?: { readonly itemId?: string | undefined; readonly year?: number | undefined };
  readonly start?: boolean;
  readonly closed?: () => void;
}

const wordsOf = ({ payerAccount: _masked, shareBp, amountFen: _old, ...one }: Source): Partial<Values> => ({
  ...{ itemId: one.itemId, year: one.year, document: one.document, projectCode: one.projectCode, subjectCode: one.subjectCode },
  ...{ nature: one.nature, level: one.level, payerName: one.payerName, payerBank: one.payerBank, payerBankCode: one.payerBankCode },
  ...{ format: one.format, rank: one.rank, ...(shareBp === null ? {} : { share: String(shareBp / 100) }) },
});

export const NewSource = ({ formats, like, wanted, start, closed }: Asked) => {
  const { today } = useStaff();
  return (
    <ReasonFormButton<Values>
      text={like === undefined ? '登记资金来源' : '照此新登记'}
      {...(like === undefined ? {} : { label: `照此新登记 ${like.document}` })}
      {...(start === undefined ? {} : { start })}
      {...(closed === undefined ? {} : { closed })}
      primary={like === undefined}
      width={720}
      withoutReason
      about={
        like === undefined ? (
          <p>照指标文件登记。登记以后不能改；写错了、要换，停用旧的，再登记新的。</p>
        ) : (
          <p>同一事项、年度不能有两个在用的同一文号：要换掉这一个，先停用它。付款账号要重填，金额照新文件写。</p>
        )
      }
      first={
        like === undefined
          ? {
              ...(wanted?.itemId === undefined ? {} : { itemId: wanted.itemId }),
              ...{ year: wanted?.year ?? Number(today.slice(0, 4)), rank: 0 },
            }
          : wordsOf(like)
      }
      fields={<Fields formats={formats} />}
      act={register}
      said={() => '已登记，可以到“可以封批”据此封批。'}
    />
  );
};
