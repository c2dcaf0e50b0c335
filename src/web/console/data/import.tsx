// Importing a delivery: the file goes up in pieces with its progress, its columns are looked at and settled, then it lands; what was refused stands in a table.
// Nothing counts before the last step, and an upload that is given up leaves nothing behind.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Progress, Select, Steps } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { MappingPart, type Proposed } from './mapping.tsx';
import { ImportResult, type Report } from './result.tsx';
import { type Kind, sendPieces, type Up, type Wanted } from './send-pieces.ts';
import { kindMeans, kindTexts } from './words.ts';

/** What the server is at, as it says itself; null while it says nothing. */
const useDoing = (id: string | null): string | null => {
  const [doing, setDoing] = useState<string | null>(null);
  useEffect(() => {
    if (id === null) return;
    const source = new EventSource(`/api/uploads/${id}/progress`);
    source.addEventListener('progress', ({ data }) => {
      const state = JSON.parse(String(data)) as { doing: string | null; state: string };
      setDoing(state.doing);
      if (state.state === 'done' || state.state === 'abandoned') source.close();
    });
    return () => source.close();
  }, [id]);
  return doing;
};

const FileChoice = ({ ready, choose }: { readonly ready: boolean; readonly choose: (file: File) => void }) => (
  <div className="filters">
    <label htmlFor="delivery-file">部门报送的文件（.csv、.txt 或 .xlsx，512 MB 以内）</label>
    <input
      id="delivery-file"
      type="file"
      accept=".csv,.txt,.xlsx"
      disabled={!ready}
      onChange={(event) => {
        const file = event.target.files?.[0];
        if (file !== undefined && ready) choose(file);
      }}
    />
    {!ready ? <span className="hint">先选数据集和数据日期。</span> : null}
  </div>
);

type DatasetRow = Awaited<ReturnType<typeof askDatasets>>['rows'][number];
const askDatasets = () => read(api.datasets.$get({ query: {} }));

interface Where {
  readonly kind: Kind | null;
  readonly asOf: string;
  readonly division: string;
}

const KindMeans = ({ kind }: { readonly kind: Kind | undefined }) =>
  kind === undefined ? null : <span className="hint">{kindMeans[kind]}</span>;

const WhereForm = ({
  chosen,
  where,
  change,
  today,
}: {
  readonly chosen: DatasetRow;
  readonly where: Where;
  readonly change: (more: Partial<Where>) => void;
  readonly today: string;
}) => (
  <>
    <Select
      aria-label="方式"
      style={{ width: 100 }}
      value={where.kind ?? chosen.kinds[0]}
      onChange={(kind: Kind) => change({ kind })}
      options={chosen.kinds.map((value) => ({ value, label: kindTexts[value] }))}
    />
    <KindMeans kind={where.kind ?? chosen.kinds[0]} />
    <label htmlFor="as-of">数据日期</label>
    <input id="as-of" type="date" max={today} value={where.asOf} onChange={(event) => change({ asOf: event.target.value })} />
    <Input
      aria-label="区划代码"
      placeholder="区划代码，全库的不填"
      style={{ width: 190 }}
      maxLength={12}
      value={where.division}
      onChange={(event) => change({ division: event.target.value })}
    />
  </>
);

/** The way of one file: sent, its columns settled, landed. */
const useImport = (wanted: Wanted | null) => {
  const [share, setShare] = useState<number | null>(null);
  const [up, setUp] = useState<Up | null>(null);
  const [landing, setLanding] = useState(false);
  const [report, setReport] = useState<Report | null>(null);
  const [proposal, setProposal] = useState<Proposed | null>(null);
  const stop = useRef<AbortController | null>(null);
  const doing = useDoing(landing && up !== null ? up.id : null);
  const again = () => {
    setShare(null);
    setUp(null);
    setReport(null);
    setProposal(null);
  };
  const send = useAct({
    act: async (file: File) => {
      again();
      stop.current = new AbortController();
      setShare(0);
      const sent = await sendPieces(file, wanted as Wanted, setShare, stop.current.signal);
      setUp(sent);
      return sent;
    },
  });
  const land = useAct({
    act: async (given: Up) => {
      setLanding(true);
      try {
        return await read(api.uploads[':id'].finish.$post({ param: { id: given.id }, json: { sha256: given.sha256 } }));
      } finally {
        setLanding(false);
      }
    },
    after: setReport,
  });
  const givenUp = send.error instanceof DOMException && send.error.name === 'AbortError';
  return { share, up, landing, report, proposal, setProposal, doing, again, send, land, givenUp, stop: () => stop.current?.abort() };
};
type Importing = ReturnType<typeof useImport>;

const Sending = ({ importing: { share, up, send, givenUp, stop } }: { readonly importing: Importing }) => (
  <>
    {share === null || up !== null || givenUp ? null : (
      <div className="filters" role="status">
        <Progress percent={Math.round(share * 100)} style={{ width: 360 }} aria-label="上传的进度" />
        <span>正在上传</span>
        {send.isPending ? (
          <Button size="small" onClick={stop}>
            停下
          </Button>
        ) : null}
      </div>
    )}
    {givenUp ? <Alert type="info" showIcon title="上传停下了，什么也没有导入。再选同一份文件会从停下的地方接着传。" /> : null}
    {send.error === null || givenUp ? null : <Trouble error={send.error} />}
  </>
);

const Landing = ({ importing, dataset }: { readonly importing: Importing; readonly dataset: string }) => {
  const { up, landing, report, proposal, setProposal, doing, again, land } = importing;
  return (
    <>
      {up === null || report !== null ? null : (
        <MappingPart
          upload={up.id}
          landing={landing}
          proposal={proposal}
          onProposal={setProposal}
          land={() => land.mutate(up)}
          giveUp={again}
        />
      )}
      {landing ? (
        <p role="status">
          <Progress percent={100} status="active" showInfo={false} style={{ width: 360 }} aria-label="正在导入" /> {doing ?? '正在导入'}
          …可以离开这一页，导入不会停。
        </p>
      ) : null}
      {land.error === null ? null : <Trouble error={land.error} />}
      {report === null ? null : <ImportResult report={report} dataset={dataset} again={again} />}
    </>
  );
};

const texts = {
  fresh: ['导入数据', '先传文件，核对列的对应，再入库。认得出的行入库，退回的行列出来改正再导；变化太大的先放着等人核对。'],
  corrects: ['导入更正', '把下载的“被退的行”改好后导入：日期和范围照原来那次，没有列入的人不受影响。'],
} as const;

export const ImportPage = () => {
  const [{ dataset, corrects }, filter] = useFilters<'dataset' | 'corrects'>();
  const steward = useHolds('steward');
  const { today } = useStaff();
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: askDatasets });
  const chosen = datasets.data?.rows.find((one) => one.id === dataset);
  const [where, setWhere] = useState<Where>({ kind: null, asOf: today, division: '' });
  const kind = where.kind ?? chosen?.kinds[0] ?? null;
  const complete = chosen !== undefined && kind !== null && /^\d{4}-\d{2}-\d{2}$/.test(where.asOf);
  const importing = useImport(complete ? { dataset: chosen.id, kind, asOf: where.asOf, division: where.division, corrects } : null);
  const { up, landing, report, again } = importing;
  const [title, note] = texts[corrects === undefined ? 'fresh' : 'corrects'];
  if (!steward)
    return (
      <>
        <PageHead title={title} />
        <Nothing>数据由数据管理员导入。要看报送的情况，请到“数据集”。</Nothing>
      </>
    );
  return (
    <>
      <PageHead title={title} state={chosen === undefined ? undefined : <Mark tone="plain">{chosen.title}</Mark>} note={note} />
      <Steps
        size="small"
        current={report !== null ? 3 : landing ? 2 : up !== null ? 1 : 0}
        items={[{ title: '传文件' }, { title: '核对各列' }, { title: '入库' }, { title: '结果' }]}
      />
      <div className="filters spaced">
        <Select
          aria-label="数据集"
          placeholder="选数据集"
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: 280 }}
          value={dataset}
          disabled={corrects !== undefined || up !== null}
          onChange={(next: string) => {
            setWhere({ ...where, kind: null });
            again();
            filter({ dataset: next, corrects: undefined });
          }}
          options={(datasets.data?.rows ?? []).map((one) => ({ value: one.id, label: one.title }))}
        />
        {chosen === undefined || corrects !== undefined || up !== null ? null : (
          <WhereForm chosen={chosen} where={where} change={(more) => setWhere({ ...where, ...more })} today={today} />
        )}
      </div>
      {datasets.error === null ? null : <Trouble error={datasets.error} again={() => void datasets.refetch()} />}
      {up === null ? <FileChoice ready={complete} choose={(file) => importing.send.mutate(file)} /> : null}
      <Sending importing={importing} />
      <Landing importing={importing} dataset={dataset ?? ''} />
    </>
  );
};
