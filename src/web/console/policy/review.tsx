// 复核: a second person sees what the writer saw (the rule in Chinese, what tells it from the version in force, the population's answer, the examples), remarks
// on it, publishes it, accepting by name what goes beyond the gate, or returns it with a reason.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Button, Checkbox, Modal, Tabs } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { KeptWindow } from '../kept-window.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { StaffName } from '../staff-name.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, momentText } from '../words.ts';
import { useLook } from './ask.ts';
import { Differences } from './differences.tsx';
import { isJson, type Json } from './document.ts';
import type { Review } from './editor.tsx';
import { EffectTold } from './effect.tsx';
import { TraceLines, Untried, verdicts } from './examples.tsx';
import { FindingLines, findingsOf } from './findings.tsx';
import { GoButton } from './go-button.tsx';
import { states } from './policies.tsx';
import { ReachPane } from './reach.tsx';
import { RemarksProvider } from './remarks.tsx';
import { SaidPane } from './said.tsx';
import './style.css';

const History = ({ id }: { readonly id: string }) => {
  const { data, error } = useQuery({
    queryKey: ['review-history', id],
    queryFn: () => read(api.reviews[':id'].history.$get({ param: { id } })),
  });
  if (error !== null) return <Trouble error={error} />;
  return (
    <ol className="timeline">
      {data?.rows.map((row) => (
        <li key={`${row.at}${row.what}`}>
          <time>{momentText(row.at)}</time>
          <span>
            <StaffName username={row.by} /> {row.what}
            {row.reason === null ? '' : `：${row.reason}`}
          </span>
        </li>
      ))}
    </ol>
  );
};

const PublishWindow = ({ review, close }: { readonly review: Review; readonly close: () => void }) => {
  const { username, today } = useStaff();
  const [accepted, setAccepted] = useState(false);
  const beyond = review.exceeds === true;
  const content = review.content as Json;
  const from = isJson(content.effective) ? content.effective.from : null;
  const publish = useAct({
    act: (_: null) => read(api.reviews[':id'].publish.$post({ param: { id: review.id }, json: beyond ? { accept: username } : {} })),
    said: () => '已发布',
    after: close,
  });
  return (
    <Modal
      title="发布这一版"
      open
      okText="发布"
      cancelText="再看看"
      okButtonProps={{ disabled: beyond && !accepted }}
      confirmLoading={publish.isPending}
      onOk={() => publish.mutate(null)}
      onCancel={close}
    >
      <p>
        {typeof from !== 'string'
          ? '施行日期来源未载。'
          : from > today
            ? `自 ${dayText(from)} 起施行：现在发布，到那天以后的所属期才按它判定。`
            : `自 ${dayText(from)} 起施行${from < today ? '，早于今天：已经结束的所属期会重新判定，补差和多发见“差别和影响”' : ''}。`}
        发布后内容不能改，要改的另发新版本。下一次匹配按它判定。
      </p>
      {beyond ? (
        <Checkbox checked={accepted} onChange={(event) => setAccepted(event.target.checked)}>
          影响超过界限。我（{username}）看过匡算，确认发布
        </Checkbox>
      ) : null}
      {publish.error === null ? null : <Trouble error={publish.error} />}
    </Modal>
  );
};

const Publish = ({ review }: { readonly review: Review }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        发布
      </Button>
      <KeptWindow open={open} close={() => setOpen(false)}>
        {(close) => (open ? <PublishWindow review={review} close={close} /> : null)}
      </KeptWindow>
    </>
  );
};

const Acts = ({ review }: { readonly review: Review }) => {
  const { username } = useStaff();
  const officer = useHolds('officer');
  const withdraw = useAct({
    act: (_: null) => read(api.reviews[':id'].withdraw.$post({ param: { id: review.id } })),
    said: () => '已撤回。还要用的，改回草稿接着写。',
  });
  const navigate = useNavigate();
  const reopen = useAct({
    act: (_: null) => read(api.reviews[':id'].reopen.$post({ param: { id: review.id } })),
    said: () => '已改回草稿',
    after: () => void navigate({ to: '/policy/drafts/$id', params: { id: review.id } }),
  });
  const remark = (
    <ReasonButton
      text="批注"
      hint="写明哪一条、怎么改，编制人看得到"
      act={({ reason }) => read(api.reviews[':id'].remarks.$post({ param: { id: review.id }, json: { text: reason } }))}
      said={() => '已批注'}
    />
  );
  if (review.state === 'withdrawn' && review.maker === username)
    return (
      <>
        <Button type="primary" loading={reopen.isPending} onClick={() => reopen.mutate(null)}>
          改回草稿，接着写
        </Button>
        {reopen.error === null ? null : <Trouble error={reopen.error} />}
      </>
    );
  if (review.state !== 'review') return review.version === null ? null : <GoButton to={`/policy/items/${review.item}`}>看事项</GoButton>;
  if (review.maker === username)
    return (
      <>
        <Button loading={withdraw.isPending} onClick={() => withdraw.mutate(null)}>
          撤回
        </Button>
        {remark}
        {withdraw.error === null ? null : <Trouble error={withdraw.error} />}
      </>
    );
  return (
    <>
      {officer ? <Publish review={review} /> : null}
      {officer ? (
        <ReasonButton
          text="退回并说明"
          act={({ reason }) => read(api.reviews[':id'].return.$post({ param: { id: review.id }, json: { reason } }))}
          said={() => '已退回编制人'}
          hint="写明哪里要改"
        />
      ) : null}
      {remark}
    </>
  );
};

const Whole = ({ review }: { readonly review: Review }) => {
  const [search, filter] = useFilters<'tab'>();
  const content = review.content as Json;
  const { data: looked, error } = useLook(content);
  const unit = content.audience === 'enterprise' ? '户' : '人';
  const published = review.state !== 'review';
  const holds = useHolds('officer', 'reviewer');
  const may = holds && review.state === 'review';
  return (
    <RemarksProvider id={review.id} item={content} may={may}>
      {error === null ? null : <Trouble error={error} />}
      <div className="panes">
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
          tabIndex={0}
          className="pane work"
          aria-label="复核"
        >
          <Tabs
            size="small"
            activeKey={search.tab ?? 'differences'}
            onChange={(tab) => filter({ tab: tab === 'differences' ? undefined : tab })}
            items={[
              {
                key: 'differences',
                label: '差别和影响',
                children: (
                  <>
                    <h3>与现行版的差别</h3>
                    {looked?.differences == null ? (
                      <p className="hint">{looked === undefined ? '正在看…' : '没有现行版，这是第一版。'}</p>
                    ) : (
                      <Differences
                        rows={looked.differences}
                        empty={published ? '与现行版一样。' : '内容与现行版一样，没有什么要发布的。'}
                      />
                    )}
                    <h3>发布会带来什么（送审时匡算，与编制人看到的相同）</h3>
                    <EffectTold effect={review.effect} unit={unit} />
                  </>
                ),
              },
              {
                key: 'examples',
                label: '例子',
                children: (
                  <>
                    {looked === undefined ? null : <Untried looked={looked} />}
                    {looked?.examples.map((one) => (
                      <details key={one.name} open={!one.ok}>
                        <summary>
                          {one.name}{' '}
                          <Mark tone={verdicts[one.verdict ?? '']?.tone ?? 'plain'}>{verdicts[one.verdict ?? '']?.text ?? '算不出'}</Mark>
                          {one.ok ? null : <Mark tone="bad">{one.differences.join('；')}</Mark>}
                        </summary>
                        <TraceLines told={one} />
                      </details>
                    ))}
                    {looked?.examples.length === 0 ? <Nothing>编制人没有写例子。可以退回，请补上。</Nothing> : null}
                  </>
                ),
              },
              {
                key: 'findings',
                label: '提醒',
                children:
                  findingsOf(looked).length === 0 ? <Nothing>没有提醒。</Nothing> : <FindingLines placed rows={findingsOf(looked)} />,
              },
              { key: 'history', label: '经过', children: <History id={review.id} /> },
              { key: 'json', label: 'JSON', children: <pre className="code-text whole">{JSON.stringify(content, null, 2)}</pre> },
            ]}
          />
        </section>
        <SaidPane looked={looked} last={null} />
        <ReachPane item={content} />
      </div>
    </RemarksProvider>
  );
};

export const ReviewPage = () => {
  const id = useParams({ strict: false }).id ?? '';
  const { data, error, refetch } = useQuery({ queryKey: ['review', id], queryFn: () => read(api.reviews[':id'].$get({ param: { id } })) });
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  return (
    <>
      <PageHead
        title={data.title}
        state={<Mark tone={states[data.state]?.tone ?? 'plain'}>{states[data.state]?.text ?? data.state}</Mark>}
        note={
          <>
            {data.authority}　<StaffName username={data.maker} /> 编制
            {data.submittedAt === null ? '' : `，${momentText(data.submittedAt)} 送审`}
            {data.checker === null ? null : (
              <>
                ；<StaffName username={data.checker} /> 复核{data.version === null ? '' : `，发布为第 ${data.version} 版`}
              </>
            )}
            {data.reason === null ? '' : `；退回的理由：${data.reason}`}
            {data.document === null ? '' : `；附件 ${data.document.name}`}
          </>
        }
        acts={<Acts review={data} />}
      />
      <Whole review={data} />
    </>
  );
};
