// 查一人: found by identity number, credit code, account or whole name, with a reason and a work order. Who was found is one step away; what was typed is kept
// nowhere but in this form.
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { registerNames } from '../../words.ts';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { Trouble } from '../trouble.tsx';
import { type Purpose, PurposeFields } from './purpose.tsx';

interface Asked extends Purpose {
  readonly who: string;
}
const find = (json: Asked) => read(api.subjects.search.$post({ json }));
type Row = Awaited<ReturnType<typeof find>>['rows'][number];

export const FindPerson = () => {
  const navigate = useNavigate();
  // What is to be done for whoever is found: opened on their page.
  const [{ act: opens }] = useFilters<'act'>();
  const [asked, setAsked] = useState<Asked | null>(null);
  const open = (row: Row, { reason, order }: Purpose) =>
    void navigate({ to: '/people/$id', params: { id: row.subjectId }, search: { reason, order, act: opens } });
  const work = useAct({
    act: find,
    after: ({ rows, more }, input) => {
      setAsked(input);
      const [only] = rows;
      if (only !== undefined && rows.length === 1 && !more) open(only, input);
    },
  });
  return (
    <>
      <PageHead
        title={opens === 'stop' ? '停谁的' : '查一人'}
        note={
          opens === 'stop'
            ? '先查到这个人，再写明停哪个事项、到哪一天、凭什么。每次查询都留痕。'
            : '一个人或一家单位的全部事项、钱、告知和缺的数据。每次查询都留痕：谁、何时、为什么、查到了谁。'
        }
      />
      <Form<Asked> layout="inline" requiredMark={false} onFinish={work.mutate} className="find-form">
        <Form.Item
          name="who"
          label="查谁"
          extra="身份证号、统一社会信用代码、收款账号，或完整姓名、名称。"
          rules={[{ required: true, min: 2, max: 100, message: '请写要查的人或单位' }]}
        >
          <Input style={{ width: 320 }} autoComplete="off" autoFocus maxLength={100} />
        </Form.Item>
        <PurposeFields />
        <Button type="primary" htmlType="submit" loading={work.isPending}>
          查
        </Button>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
      {work.data === undefined || asked === null ? null : (
        <section className="part">
          <h2>{work.data.more ? '先列出 20 个，请写得更全' : `查到 ${work.data.rows.length} 个`}</h2>
          <RowTable<Row>
            label="查到的人和单位"
            rows={work.data.rows}
            idOf={(row) => row.subjectId}
            empty="没有查到，或者不在您的范围内。请核对号码；姓名要写全。"
            columns={[
              {
                title: '姓名或名称',
                width: 320,
                cell: (row) => (
                  <Button type="link" size="small" onClick={() => open(row, asked)}>
                    {row.name}
                  </Button>
                ),
              },
              { title: '类别', width: 80, cell: (row) => registerNames[row.register] ?? '' },
              { title: '号码', width: 120, cell: (row) => `尾号 ${row.key.slice(-4)}` },
              { title: '地区', cell: (row) => row.division },
            ]}
          />
        </section>
      )}
    </>
  );
};
