// 早发现: on one page what goes wrong first: items held because they changed too much, many payments in one place, work that lies too long and on whose desk,
// budgets that will not last, data too old. Each with what to do about it and the way there.
import { Button } from 'antd';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';
import { useFound, type Warning } from './found.tsx';

const sinceText = (since: string): string => (/^\d{4}-/.test(since) ? dayText(since) : since);

export const Warnings = () => {
  const { rows, waiting, failed, data } = useFound();
  return (
    <>
      <PageHead
        title="早发现"
        state={rows.length > 0 ? <Mark tone="warn">{countText(rows.length)} 处</Mark> : undefined}
        acts={
          <Button href="/api/reports/check-up" target="_blank">
            打印每月体检
          </Button>
        }
        note={waiting ? '正在逐项核对…' : `变化过大、异常集中、拖着的、额度不够、久未到账、数据迟报：一处一行，点进去就能办。${data ?? ''}`}
      />
      {failed === undefined ? null : <Trouble error={failed.error} again={() => void failed.refetch()} />}
      {waiting && rows.length === 0 ? null : (
        <RowTable<Warning>
          label="早发现"
          rows={rows}
          idOf={(row) => row.id}
          empty="现在没有要早发现的：没有人在等迟报的数据，额度够用，没有拖着的钱。"
          columns={[
            { title: '哪一类', width: 100, cell: (row) => <Mark tone={row.tone}>{row.kind}</Mark> },
            { title: '在哪里', width: 250, cell: (row) => row.what },
            { title: '说明', long: true, cell: (row) => row.text },
            { title: '要办什么', width: 320, long: true, cell: (row) => row.next },
            { title: '日期', width: 130, cell: (row) => sinceText(row.since) },
          ]}
        />
      )}
    </>
  );
};
