// A new rule: what it is called and whose it is, and where it begins: blank, with one form of award, as a copy of another, or from pasted JSON of
// json-rules-engine or of a whole item. The draft is kept from here on.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, Refusal, read } from '../client.ts';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';
import { ItemChoice } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText } from '../words.ts';
import { isJson, type Json, mostText } from './document.ts';
import { copyOf, freshItem, type Head, type Template, templates } from './fresh.ts';
import { periods } from './identity-shapes.ts';
import { CodeInput } from './value.tsx';
import './style.css';

interface Filled extends Omit<Head, 'region'> {
  readonly region: readonly string[];
  readonly from: 'template' | 'copy' | 'paste';
  readonly template: Template;
  readonly pasted: string;
}

const problem = (code: string, at: string, message: string, hint: string) => new Refusal(422, [{ code, at, message, hint }]);

const parsed = (text: string): unknown => {
  if (text.length > mostText)
    throw problem(
      'input.too-large',
      '/pasted',
      `粘贴的内容有 ${countText(text.length)} 个字，最多 ${countText(mostText)} 个字。`,
      '只贴这一条规则。',
    );
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw problem('input.json', '/pasted', '粘贴的内容不是完整的 JSON。', '检查括号和引号；从别的系统导出时选 JSON。');
  }
};

/** A whole item keeps everything of its own but its head; conditions of json-rules-engine come into an empty item. */
const pastedItem = async (text: string, head: Head, today: string): Promise<Json> => {
  const json = parsed(text);
  if (isJson(json) && isJson(json.conditions) && json.award !== undefined) return copyOf(json, head);
  const told = await read(api.rules.import.$post({ json: { rule: json } }));
  if (told.problems.length > 0) throw new Refusal(422, told.problems);
  return { ...freshItem(head, 'blank', today), conditions: told.conditions };
};

const copied = async (id: string, head: Head): Promise<Json> => {
  const { versions } = await read(api.items[':id'].$get({ param: { id } }));
  const newest = versions[0]?.version ?? 1;
  const { content } = await read(api.items[':id'].versions[':version'].$get({ param: { id, version: String(newest) } }));
  return copyOf(content as Json, head);
};

const Origin = ({ of }: { readonly of: string | undefined }) => {
  const [, filter] = useFilters<'copy'>();
  const form = Form.useFormInstance<Filled>();
  const from = Form.useWatch('from', form);
  return (
    <>
      <Form.Item name="from" label="从哪里开始">
        <Radio.Group
          options={[
            { value: 'template', label: '模板' },
            { value: 'copy', label: '照一个现有的事项' },
            { value: 'paste', label: '粘贴 JSON' },
          ]}
        />
      </Form.Item>
      {from === 'copy' ? (
        <Form.Item label="照哪个事项">
          <ItemChoice value={of} onChange={(copy) => filter({ copy })} />
        </Form.Item>
      ) : from === 'paste' ? (
        <Form.Item name="pasted" label="json-rules-engine 的条件，或整份事项" rules={[{ required: true, message: '粘贴 JSON' }]}>
          <Input.TextArea
            className="code-text"
            rows={10}
            placeholder='{"all": [{"fact": "…", "operator": "greaterThanInclusive", "value": 80}]}'
          />
        </Form.Item>
      ) : (
        <Form.Item name="template" label="标准的形式">
          <Radio.Group className="templates">
            {(Object.keys(templates) as Template[]).map((value) => (
              <Radio key={value} value={value}>
                {templates[value].text}
                <span className="hint">{templates[value].hint}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      )}
    </>
  );
};

/** An id nobody has to think up: the division, the day, and a number. */
const idFor = (today: string, taken: readonly string[]): string => {
  const stem = `item-${today.replaceAll('-', '')}`;
  let n = 1;
  while (taken.includes(`${stem}-${n}`)) n += 1;
  return `${stem}-${n}`;
};

const HeadFields = () => (
  <>
    <Form.Item name="title" label="名称" rules={[{ required: true, message: '写政策事项的名称' }]}>
      <Input maxLength={80} autoFocus />
    </Form.Item>
    <Form.Item name="authority" label="主管部门" rules={[{ required: true, message: '写主管部门的全称' }]}>
      <Input maxLength={80} />
    </Form.Item>
    <Form.Item name="document" label="依据哪份文件" rules={[{ required: true, message: '写政策文件的名称' }]}>
      <Input maxLength={200} />
    </Form.Item>
    <Form.Item
      name="id"
      label="编号（以后不能改）"
      rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9-]{1,63}$/, message: '小写字母、数字和连字符' }]}
      extra="数据目录按编号授权；目录里已登记的，用登记的编号"
    >
      <Input maxLength={64} />
    </Form.Item>
    <div className="form-line">
      <Form.Item name="audience" label="对象">
        <Radio.Group
          options={[
            { value: 'citizen', label: '居民' },
            { value: 'enterprise', label: '企业' },
          ]}
        />
      </Form.Item>
      <Form.Item name="period" label="多久一次">
        <Select style={{ width: 180 }} options={Object.entries(periods).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <RegionField />
    </div>
  </>
);

const RegionField = () => (
  <Form.Item name="region" label="适用地区（不选：全国）" valuePropName="value" trigger="onChange">
    <RegionInput />
  </Form.Item>
);

const RegionInput = ({
  value = [],
  onChange,
}: {
  readonly value?: readonly string[];
  readonly onChange?: (next: readonly string[]) => void;
}) => <CodeInput label="适用地区" tree="division" many={false} value={value} onChange={(next) => onChange?.(next as string[])} />;

export const StartPage = () => {
  const { today } = useStaff();
  const [search] = useFilters<'copy'>();
  const [form] = Form.useForm<Filled>();
  const navigate = useNavigate();
  const { data } = useQuery({ queryKey: ['reviews', 'all'], queryFn: () => read(api.reviews.$get({ query: {} })) });
  const [first] = useState(search.copy === undefined ? 'template' : 'copy');
  const start = useAct({
    act: async (filled: Filled) => {
      const { from, template, pasted, region, ...rest } = { ...form.getFieldsValue(true), ...filled } as Filled;
      const head: Head = { ...rest, region: region?.[0] ?? null };
      if (from === 'copy' && search.copy === undefined) throw problem('input.copy', '', '还没有选照哪个事项。', '选一个现有的事项。');
      const item =
        from === 'copy'
          ? await copied(search.copy ?? '', head)
          : from === 'paste'
            ? await pastedItem(pasted, head, today)
            : freshItem(head, template, today);
      return await read(api.drafts.$post({ json: item as never }));
    },
    after: ({ id }) => void navigate({ to: '/policy/drafts/$id' as '/', params: { id } as never }),
  });
  return (
    <div className="narrow">
      <PageHead title="写一条新政策" note="先说叫什么、归谁管，从哪里开始写。存成草稿，随时可以回来接着写。" />
      <Form<Filled>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ...{ audience: 'citizen', period: 'monthly', from: first, template: 'fixed', region: [] },
          id: idFor(today, data?.rows.map((row) => row.item) ?? []),
        }}
        onFinish={start.mutate}
      >
        <HeadFields />
        <Origin of={search.copy} />
        {start.error === null ? null : <Trouble error={start.error} />}
        <Button type="primary" htmlType="submit" loading={start.isPending}>
          开始写
        </Button>
      </Form>
    </div>
  );
};
