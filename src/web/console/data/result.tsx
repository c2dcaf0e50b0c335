// What came of an import: how many rows landed, whom they changed, what was refused and why, and what to do next.
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import type { api } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts } from '../page.tsx';
import { countText } from '../words.ts';

type Answer = Awaited<ReturnType<Awaited<ReturnType<(typeof api.uploads)[':id']['finish']['$post']>>['json']>>;
export type Report = Extract<Answer, { deliveryId: string }>;
type Bad = Report['problems'][number];

const placed = /^第 \d+ 行(“[^”]*”)?：/;

const heads: Readonly<Record<string, { readonly type: 'success' | 'warning' | 'error'; readonly text: string }>> = {
  landed: { type: 'success', text: '已入库。' },
  held: { type: 'warning', text: '先放着，等另一位数据管理员核对。' },
  refused: { type: 'error', text: '整份文件都退回了，库里没有变化。' },
  rejected: { type: 'error', text: '这份交付以前已被否决。' },
  accepted: { type: 'success', text: '已放行，正在入库。' },
};

export const ImportResult = ({
  report,
  dataset,
  again,
}: {
  readonly report: Report;
  readonly dataset: string;
  readonly again: () => void;
}) => {
  const head = heads[report.state];
  return (
    <section className="part">
      <Alert
        type={head?.type ?? 'info'}
        showIcon
        title={report.already ? '这份文件以前导入过，没有再改变什么。' : (head?.text ?? report.state)}
        description={
          report.held === null ? null : (
            <ul>
              {report.held.words.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )
        }
      />
      <Facts
        pairs={[
          ['读入', `${countText(report.rows.read)} 行`],
          ['好行', `${countText(report.rows.good)} 行`],
          ['退回', `${countText(report.rows.bad)} 行`],
          ['有变化的人', countText(report.changed)],
          ['新登记的人', countText(report.introduced)],
          ['不再列入的人', countText(report.dropped)],
          ...Object.entries(report.sums).map(([column, sum]): [string, string] => [`${column}合计`, sum]),
        ]}
      />
      <div className="filters">
        <Link to="/data/deliveries/$id" params={{ id: report.deliveryId }}>
          <Button type="primary">{report.rows.bad > 0 ? '看这次交付，改正被退的行' : '看这次交付'}</Button>
        </Link>
        <Link to="/data/datasets/$id" params={{ id: dataset }}>
          <Button>看数据集</Button>
        </Link>
        <Button onClick={again}>再导入一份</Button>
      </div>
      {report.problems.length === 0 ? null : (
        <>
          <h2>
            有问题的行
            {report.problemCount > report.problems.length
              ? `（${countText(report.problemCount)} 处，先列 ${countText(report.problems.length)} 处）`
              : ''}
          </h2>
          <RowTable<Bad>
            label="有问题的行"
            rows={report.problems}
            idOf={(row) => `${row.line} ${row.column} ${row.code}`}
            empty=""
            columns={[
              { title: '行', width: 70, figure: true, cell: (row) => countText(row.line) },
              { title: '列', width: 150, cell: (row) => row.column || '整行' },
              { title: '原值（遮去）', width: 180, cell: (row) => <bdi>{row.masked || '空'}</bdi> },
              { title: '问题', long: true, cell: (row) => row.message.replace(placed, '') },
              { title: '怎么办', long: true, cell: (row) => row.hint },
            ]}
          />
        </>
      )}
    </section>
  );
};
