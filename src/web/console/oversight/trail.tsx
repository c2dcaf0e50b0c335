// 审计留痕: who did what to which object, when and why; and whether the chain is whole, from its first link to the last.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { isRole, roles } from '../../role.ts';
import { actionText, nounOptions, thingText } from '../action-words.ts';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Code, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { TakeFile } from '../take-file.tsx';
import { Trouble } from '../trouble.tsx';
import { momentText } from '../words.ts';

type Ask = Parameters<(typeof api)['audit-entries']['$get']>[0]['query'];
const ask = (query: Ask) => read(api['audit-entries'].$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
type Name = 'actor' | 'action' | 'object' | 'from' | 'to';
type Given = { readonly [N in Name]?: string };

const roleText = (role: string | null): string =>
  role === null || role === 'system'
    ? '系统'
    : role
        .split(',')
        .map((one) => (isRole(one) ? roles[one] : one === 'public' ? '未登录' : one))
        .join('、');

const Detail = ({ row }: { readonly row: Row }) => {
  const { before, after } = JSON.parse(row.detail) as { before?: unknown; after?: unknown };
  const part = (name: string, value: unknown) =>
    value === undefined || value === null ? null : (
      <div>
        <strong>{name}</strong>
        <pre className="detail">{JSON.stringify(value, null, 1)}</pre>
      </div>
    );
  return (
    <div className="beside">
      {part('之前', before)}
      {part('之后', after)}
      {before == null && after == null ? <span className="hint">这一条没有记前后的内容。</span> : null}
    </div>
  );
};

const Check = () => {
  const { data, error } = useQuery({ queryKey: ['audit-check'], queryFn: () => read(api['audit-check'].$get()), staleTime: 60_000 });
  if (error !== null) return <Trouble error={error} />;
  if (data === undefined) return <Nothing>正在逐环核对，留痕多时要一会儿…</Nothing>;
  return (
    <Alert
      type={data.ok ? 'success' : 'error'}
      showIcon
      role="status"
      title={data.ok ? '链是完整的，每一条的内容都与当时的指纹一致。' : `有 ${data.faultCount} 处不对，请停下签发，保存现场。`}
      description={
        <ul>
          {data.words.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      }
    />
  );
};

const Filters = () => {
  const [search, filter] = useFilters<Name>();
  const [form] = Form.useForm<Given>();
  return (
    <Form
      form={form}
      layout="inline"
      className="filters"
      initialValues={search}
      onFinish={(given) => filter({ actor: undefined, action: undefined, object: undefined, from: undefined, to: undefined, ...given })}
    >
      <Form.Item name="actor" label="谁">
        <Input placeholder="用户名" style={{ width: 120 }} maxLength={100} />
      </Form.Item>
      <Form.Item name="action" label="做什么">
        <Select
          allowClear
          // An address may name a single act.
          options={
            search.action === undefined || nounOptions.some(({ value }) => value === search.action)
              ? nounOptions
              : [{ value: search.action, label: actionText(search.action) }, ...nounOptions]
          }
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="选对象的种类"
          style={{ width: 190 }}
        />
      </Form.Item>
      <Form.Item name="object" label="对象编号">
        <Input style={{ width: 200 }} maxLength={200} />
      </Form.Item>
      <Form.Item name="from" label="从">
        <Input type="date" style={{ width: 140 }} />
      </Form.Item>
      <Form.Item name="to" label="到">
        <Input type="date" style={{ width: 140 }} />
      </Form.Item>
      <Button htmlType="submit" type="primary">
        查
      </Button>
    </Form>
  );
};

export const Trail = () => {
  const [search] = useFilters<Name>();
  const [checking, setChecking] = useState(false);
  return (
    <>
      <PageHead
        title="审计留痕"
        note="每一次改变都有一条，写下就改不了：一条接一条成链，少一条、改一个字都查得出。"
        acts={
          <>
            <Button onClick={() => setChecking(true)} disabled={checking}>
              核对整条链
            </Button>
            <TakeFile path={`/api/audit-file?${new URLSearchParams(search as Record<string, string>)}`} text="导出这些" />
          </>
        }
      />
      {checking ? <Check /> : null}
      <Filters key={JSON.stringify(search)} />
      <ListTable<Row>
        label="审计留痕"
        queryKey={['trail', search]}
        ask={(cursor) => ask({ ...search, cursor, limit: '200' } as Ask)}
        idOf={(row) => row.id}
        empty="没有这样的留痕。放宽上面的条件再查。"
        open={(row) => <Detail row={row} />}
        columns={[
          { title: '时间', width: 170, cell: (row) => momentText(row.at) },
          { title: '谁', width: 130, cell: (row) => row.name ?? row.actor },
          { title: '岗位', width: 120, cell: (row) => roleText(row.role) },
          { title: '做了什么', width: 190, cell: (row) => <span title={row.action}>{actionText(row.action)}</span> },
          {
            title: '对象',
            width: 190,
            cell: (row) => (
              <>
                <span className="hint">{thingText(row.objectKind)}</span> <Code text={row.objectId} length={10} />
              </>
            ),
          },
          { title: '理由', long: true, cell: (row) => row.reason },
          {
            title: '链上',
            width: 100,
            figure: true,
            cell: (row) => (row.position === null ? <Mark tone="now">等待接链</Mark> : row.position),
          },
        ]}
      />
    </>
  );
};
