// One decision with its whole reason: every condition with what is asked and what was found, from whom and of which day; how the amount came about; and the
// proof: decided again from its evidence, and what it read found in the sealed data.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Amount, Code, Facts, Mark, Nothing, PageHead, type Tone } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText, money, periodText } from '../words.ts';
import { kindText, VerdictMark } from './words.tsx';

const ask = (id: string) => read(api.matches[':id'].$get({ param: { id } }));
type Match = Awaited<ReturnType<typeof ask>>;
type Condition = Match['conditions'][number];
type Read = Match['evidence']['read'][number];
type Missing = Match['missing'][number];
const askReplay = (id: string) => read(api.matches[':id'].replay.$get({ param: { id } }));

const truths: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  true: { text: '满足', tone: 'good' },
  false: { text: '不满足', tone: 'bad' },
  null: { text: '缺数据', tone: 'warn' },
};
const groups: Readonly<Record<Condition['kind'], string>> = { all: '以下都要满足', any: '以下满足一个', not: '以下不得满足', leaf: '' };
const missingText = (one: Missing): string =>
  `${one.label}：${one.title === null ? '' : `${one.department ?? ''}《${one.title}》`}${one.reason}`;

const Why = ({ match }: { readonly match: Match }) => (
  <RowTable<Condition>
    label="各个条件"
    rows={match.conditions}
    idOf={(row) => row.at}
    empty="当时的规则或目录版本不在这个库里，只能看下面的依据。"
    columns={[
      {
        title: '条件',
        width: 340,
        long: true,
        cell: (row) => (
          <span style={{ paddingLeft: row.depth * 18 }}>
            {row.text ?? groups[row.kind]}
            {row.clause === null ? null : (
              <Link
                to={`/policy/items/${match.itemId}` as '/'}
                search={{ version: String(match.version), tab: 'words' } as never}
                className="cited"
              >
                {' '}
                {row.clause}
              </Link>
            )}
          </span>
        ),
      },
      {
        title: '结论',
        width: 90,
        cell: (row) => <Mark tone={truths[String(row.truth)]?.tone ?? 'plain'}>{truths[String(row.truth)]?.text}</Mark>,
      },
      { title: '要求', width: 190, long: true, cell: (row) => row.required },
      {
        title: '实际',
        width: 190,
        long: true,
        cell: (row) =>
          row.missing.length > 0
            ? row.missing.map(missingText).join('；')
            : (row.actual ?? row.inputs.map((one) => `${one.label} ${one.value}`).join('；')),
      },
      {
        title: '从哪里知道',
        long: true,
        cell: (row) => row.sources.map((one) => `${one.department}《${one.title}》${dayText(one.asOf)}`).join('；'),
      },
    ]}
  />
);

const Award = ({ match }: { readonly match: Match }) => (
  <>
    {match.lines.map((line, i) => (
      <div key={line.key ?? String(i)}>
        {line.key === null && match.lines.length === 1 ? null : (
          <h3>
            {line.key ?? '本人'} <VerdictMark verdict={line.verdict} />
          </h3>
        )}
        {line.steps.length === 0 ? (
          <p className="hint">没有金额要算。</p>
        ) : (
          <ol>
            {line.steps.map((step) => (
              <li key={`${step.text}${step.yuan}`}>{step.text}</li>
            ))}
          </ol>
        )}
        {line.amountFen === null ? null : <p>应享 {money(line.amountFen)}</p>}
        {line.betweenFen === null ? null : <p>数据补齐后在 {line.betweenFen.map(money).join(' 到 ')} 之间</p>}
      </div>
    ))}
  </>
);

const Evidence = ({ match }: { readonly match: Match }) => (
  <>
    <Facts
      pairs={[
        ['数据到', dayText(match.evidence.knownAt)],
        [
          '所属期',
          `${match.evidence.periodStart === null ? '' : `${dayText(match.evidence.periodStart)} 至 `}${dayText(match.evidence.periodEnd)}`,
        ],
        ['数据快照', <Code key="snapshot" text={match.evidence.snapshot} />],
        ['规则指纹', <Code key="item" text={match.evidence.itemHash} />],
        ['目录指纹', <Code key="catalogue" text={match.evidence.catalogueHash} />],
        ['依据指纹', <Code key="digest" text={match.evidence.digest} />],
      ]}
    />
    <RowTable<Read>
      label="读到的值"
      rows={match.evidence.read}
      idOf={(row) => `${row.label} ${row.day} ${row.value}`}
      empty="这一条没有读任何值。"
      columns={[
        { title: '指标', width: 240, cell: (row) => row.label },
        { title: '值', width: 240, long: true, cell: (row) => row.missing ?? row.value },
        { title: '哪一天的', width: 140, cell: (row) => (row.day === null ? '' : dayText(row.day)) },
        {
          title: '来源',
          cell: (row) => (row.source === null ? '' : `${row.source.department}《${row.source.title}》${dayText(row.source.asOf)}`),
        },
      ]}
    />
  </>
);

const Replayed = ({ id }: { readonly id: string }) => {
  const { data, error } = useQuery({ queryKey: ['replay', id], queryFn: () => askReplay(id), staleTime: 60_000 });
  if (error !== null) return <Trouble error={error} />;
  if (data === undefined) return <Nothing>正在重判…</Nothing>;
  const { proof } = data;
  const outside = proof.values.filter(({ proved }) => proved === null).length;
  return (
    <>
      <Alert
        type={!data.decided ? 'info' : data.same ? 'success' : 'error'}
        showIcon
        role="status"
        title={
          !data.decided
            ? '这一条按认可的名单接续，没有判定可重。'
            : data.same
              ? '凭留存的依据重判，结论和金额与当时一致。'
              : '重判与当时不一致。'
        }
        description={
          data.same || !data.decided ? undefined : `当时：${data.stored ?? ''}；现在：${data.replayed ?? ''}。请联系系统管理员查明。`
        }
      />
      <Alert
        type={proof.proved ? 'success' : 'error'}
        showIcon
        role="status"
        title={
          proof.proved
            ? `依据里的值都在 ${dayText(proof.knownAt)} 封存的数据里：${countText(proof.segments)} 段都能算到快照编号。`
            : '依据与封存的数据对不上，请停下有关拨付，联系审计。'
        }
        description={
          outside === 0 ? undefined : `另有 ${countText(outside)} 个值不在本人封存的行里（参数、关联的人或单位、已付的），各有各的出处。`
        }
      />
    </>
  );
};

export const MatchPage = () => {
  const { id } = useParams({ from: '/run/matches/$id' });
  const [again, setAgain] = useState(false);
  const { data: match, error, refetch } = useQuery({ queryKey: ['match', id], queryFn: () => ask(id) });
  if (error !== null)
    return (
      <>
        <PageHead title="匹配结果" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/run/matches">回到匹配结果</Link>
      </>
    );
  if (match === undefined) return <PageHead title="匹配结果" note="正在读取…" />;
  return (
    <>
      <PageHead
        title={`${match.title} ${periodText(match.periodKey)}`}
        state={<VerdictMark verdict={match.verdict} />}
        amount={match.amountFen === null ? undefined : <Amount fen={match.amountFen} />}
        note={
          match.current
            ? `${match.name}，${kindText(match.kind)}，${momentText(match.createdAt)} 写下。`
            : '这一条已被后来的结果取代，留作记录。'
        }
        acts={
          <Button onClick={() => setAgain(true)} disabled={again}>
            重判并证明
          </Button>
        }
      />
      {again ? <Replayed id={id} /> : null}
      <Facts
        pairs={[
          [
            '姓名或单位',
            <Link
              key="person"
              to="/people/$id"
              params={{ id: match.subjectId }}
              search={{ reason: 'handle', order: `match-${match.id.slice(0, 8)}`, item: match.itemId }}
            >
              {match.name}
            </Link>,
          ],
          ['区划', match.place],
          [
            '规则',
            <Link key="rule" to={`/policy/items/${match.itemId}` as '/'} search={{ version: String(match.version) } as never}>
              第 {match.version} 版
            </Link>,
          ],
          [
            '文件',
            match.basis === null ? null : `${match.basis.document}${match.basis.number === null ? '' : `（${match.basis.number}）`}`,
          ],
          ...(match.basis?.clause == null ? [] : [['条款', match.basis.clause] as const]),
          [
            '批次',
            <Link key="run" to="/run/runs/$id" params={{ id: match.runId }}>
              看那一批
            </Link>,
          ],
          [
            '前一条',
            match.previousId === null ? (
              '没有'
            ) : (
              <Link key="before" to="/run/matches/$id" params={{ id: match.previousId }}>
                看变动前
              </Link>
            ),
          ],
        ]}
      />
      {match.missing.length === 0 ? null : (
        <Alert
          type="warning"
          showIcon
          title="缺这些数据，补齐以后自动重新判定"
          description={
            <ul>
              {match.missing.map((one) => (
                <li key={missingText(one)}>{missingText(one)}</li>
              ))}
            </ul>
          }
        />
      )}
      <section className="part">
        <h2>为什么</h2>
        <Why match={match} />
      </section>
      <section className="part">
        <h2>金额怎么算</h2>
        <Award match={match} />
      </section>
      <section className="part">
        <h2>依据</h2>
        <Evidence match={match} />
      </section>
    </>
  );
};
