// Which column of the file is which column of the dataset: what fits by itself, what was guessed and must be looked at, what is open. Settled here, it is kept for next time.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, Nothing, type Tone } from '../page.tsx';
import { Trouble } from '../trouble.tsx';

type Given = readonly { readonly label: string; readonly to: string }[];
const ask = (id: string, given: Given, save: boolean) =>
  read(api.uploads[':id'].mapping.$post({ param: { id }, json: { given: given.map((one) => ({ ...one })), save } }));
export type Proposed = Awaited<ReturnType<typeof ask>>;
type Column = Proposed['columns'][number];

const hows: Readonly<Record<NonNullable<Column['how']>, { readonly text: string; readonly tone: Tone }>> = {
  exact: { text: '列名相同', tone: 'good' },
  same: { text: '写法略有不同', tone: 'good' },
  saved: { text: '以前核对过', tone: 'good' },
  synonym: { text: '同义，请核对', tone: 'warn' },
  unit: { text: '单位不同，请核对', tone: 'warn' },
};

interface Asked {
  readonly upload: string;
  readonly landing: boolean;
  readonly proposal: Proposed | null;
  readonly onProposal: (proposal: Proposed) => void;
  readonly land: () => void;
  readonly giveUp: () => void;
}

export const MappingPart = ({ upload, landing, proposal, onProposal, land, giveUp }: Asked) => {
  const [given, setGiven] = useState<Given>([]);
  const first = useQuery({
    queryKey: ['mapping', upload],
    queryFn: () => ask(upload, [], false),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const again = useAct({
    act: (next: Given) => ask(upload, next, false),
    after: (found, next) => {
      setGiven(next);
      onProposal(found);
    },
  });
  const go = useAct({
    act: async (now: Proposed) => (now.saves ? await ask(upload, given, true) : now),
    after: land,
  });
  const now = proposal ?? first.data;
  // A file nobody can read has no columns; landing it says what is wrong, line by line, and keeps it as evidence.
  if (first.error !== null)
    return (
      <>
        <Trouble error={first.error} />
        <div className="filters">
          <Button onClick={giveUp}>换一份文件</Button>
          <Button loading={landing} onClick={land}>
            照样交上去，留下退回的记录
          </Button>
        </div>
      </>
    );
  if (now === undefined) return <Nothing>正在看文件的各列…</Nothing>;
  const guessed = now.columns.filter(({ how }) => how === 'synonym' || how === 'unit');
  const choices = (column: Column) => [...new Set([...(column.label === null ? [] : [column.label]), ...now.unused])];
  return (
    <section className="part">
      <h2>列的对应</h2>
      {now.open.length === 0 ? (
        <Alert
          type={guessed.length === 0 ? 'success' : 'info'}
          showIcon
          title={guessed.length === 0 ? '各列都对上了。' : `各列都对上了，其中 ${guessed.length} 列是猜的，请核对。`}
          description={`${now.format}，第 ${now.headerLine} 行是表头。${now.saves ? '核对后的对应会存下，以后的导入照用。' : ''}`}
        />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={`还有 ${now.open.length} 处没有定，定了才能入库`}
          description={
            <ul>
              {now.open.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          }
        />
      )}
      <div className="filters spaced">
        <Button type="primary" disabled={now.open.length > 0 || landing} loading={go.isPending || landing} onClick={() => go.mutate(now)}>
          {now.saves ? '核对无误，存下并入库' : '入库'}
        </Button>
        <Button disabled={landing} onClick={giveUp}>
          换一份文件
        </Button>
      </div>
      {go.error === null ? null : <Trouble error={go.error} />}
      {again.error === null ? null : <Trouble error={again.error} />}
      <RowTable<Column>
        label="列的对应"
        rows={now.columns.toSorted((a, b) => Number(a.label !== null) - Number(b.label !== null))}
        idOf={(row) => row.to}
        empty="这个数据集没有列。"
        columns={[
          { title: '数据集的列', width: 240, cell: (row) => row.to },
          {
            title: '文件里的列',
            width: 280,
            cell: (row) => (
              <Select
                aria-label={`${row.to} 在文件里的列`}
                placeholder="没有找到，请选"
                size="small"
                style={{ width: 240 }}
                value={row.label}
                disabled={landing}
                loading={again.isPending}
                onChange={(label: string) => again.mutate([...given.filter((one) => one.to !== row.to), { label, to: row.to }])}
                options={choices(row).map((value) => ({ value, label: value }))}
              />
            ),
          },
          {
            title: '怎么对上的',
            width: 160,
            cell: (row) =>
              row.how === null ? <Mark tone="bad">没有找到</Mark> : <Mark tone={hows[row.how].tone}>{hows[row.how].text}</Mark>,
          },
          { title: '换算', cell: (row) => row.scale.replace(/^[，,]\s*/, '') },
        ]}
      />
      {now.unused.length === 0 ? null : <p className="hint">文件里不用的列：{now.unused.join('、')}</p>}
    </section>
  );
};
