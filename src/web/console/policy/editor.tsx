// 写规则: the rule, the same rule in plain Chinese, and the population's answer, side by side. Kept on the server by Ctrl+S; whoever saved meanwhile in another
// window is shown, not overwritten.
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useParams } from '@tanstack/react-router';
import { App, Button, Tabs } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, read } from '../client.ts';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';
import { StaffName } from '../staff-name.tsx';
import { Trouble } from '../trouble.tsx';
import { momentText } from '../words.ts';
import { type Looked, useLook } from './ask.ts';
import { AwardEditor } from './award.tsx';
import { Basics, Counting, parts, Way } from './basics.tsx';
import { Builder } from './builder.tsx';
import { Conflict } from './conflict.tsx';
import { isJson, type Json } from './document.ts';
import { ExamplesPane } from './examples.tsx';
import { ExamplesGiven } from './examples-given.ts';
import { Findings, FindingsProvider, findingsOf } from './findings.tsx';
import { unshownParts } from './item-shapes.ts';
import { JsonPane, useJsonText } from './json-pane.tsx';
import { type Keep, useKeep } from './keep.ts';
import { WordsProvider } from './names.tsx';
import { OwnFacts } from './own-facts.tsx';
import { states } from './policies.tsx';
import { ReachPane } from './reach.tsx';
import { RemarksProvider } from './remarks.tsx';
import { type Said, SaidPane, saidOf } from './said.tsx';
import { type Saving, useSaving } from './saving.ts';
import { SubmitButton } from './submit.tsx';
import { Sliders, type Trial, tried } from './trial.tsx';
import './style.css';

const askReview = (id: string) => read(api.reviews[':id'].$get({ param: { id } }));
export type Review = Awaited<ReturnType<typeof askReview>>;

/** Keys of the whole page: save, undo, redo; in a field undo is the field's own. */
const useKeys = (keep: Keep, save: () => void): void => {
  const now = useRef({ keep, save });
  now.current = { keep, save };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      const field = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable="true"]') !== null;
      const act =
        key === 's'
          ? now.current.save
          : field
            ? null
            : key === 'y' || (key === 'z' && event.shiftKey)
              ? now.current.keep.redo
              : key === 'z'
                ? now.current.keep.undo
                : null;
      if (act === null) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
};

/** What was read aloud last, for while a rule cannot be read. */
const useLastSaid = (looked: Looked | undefined) => {
  const last = useRef<Said | null>(null);
  last.current = saidOf(looked) ?? last.current;
  return last.current;
};

const ConditionsTab = ({ keep }: { readonly keep: Keep }) => (
  <>
    <Builder at="/conditions" keep={keep} />
    <OwnFacts keep={keep} />
  </>
);

const Work = ({ keep, looked }: { readonly keep: Keep; readonly looked: Looked | undefined }) => {
  const [search, filter] = useFilters<'tab'>();
  const json = useJsonText();
  const count = (...places: readonly string[]) => {
    const found = findingsOf(looked).filter(
      (one) => one.severity !== 'warning' && places.some((place) => one.at === place || one.at.startsWith(`${place}/`)),
    );
    return found.length === 0 ? null : <span className="count-bad">{found.length}</span>;
  };
  const failed = looked?.examples.filter((one) => !one.ok).length ?? 0;
  const label = (text: string, more: React.ReactNode) => (
    <>
      {text}
      {more}
    </>
  );
  const award = (
    <>
      <AwardEditor at="/award" keep={keep} />
      <Counting keep={keep} />
    </>
  );
  return (
    <Tabs
      size="small"
      activeKey={search.tab ?? 'conditions'}
      onChange={(tab) => filter({ tab: tab === 'conditions' ? undefined : tab })}
      items={[
        { key: 'conditions', label: label('条件', count(...parts.conditions)), children: <ConditionsTab keep={keep} /> },
        { key: 'award', label: label('标准', count(...parts.award)), children: award },
        { key: 'basics', label: label('基本情况', count(...parts.basics)), children: <Basics keep={keep} /> },
        { key: 'way', label: label('办理', count(...parts.way)), children: <Way keep={keep} /> },
        {
          key: 'test',
          label: label('测试', failed === 0 ? null : <span className="count-bad">{failed}</span>),
          children: <ExamplesPane keep={keep} looked={looked} />,
        },
        {
          key: 'json',
          label: label('JSON', json.text === null ? null : <span className="count-bad">!</span>),
          children: <JsonPane keep={keep} json={json} looked={looked} />,
        },
      ]}
    />
  );
};

/** What only the JSON shows is named, so that nobody thinks the forms say all. */
const NoForm = ({ item }: { readonly item: Json }) => {
  const places = useMemo(() => unshownParts(item), [item]);
  if (places.length === 0) return null;
  return (
    <p className="hint" role="note">
      这些写法没有表单，照原样保留，可在 JSON 页查看：{places.slice(0, 8).join('、')}
    </p>
  );
};

/** What others said of it on its way, for whoever mends it now. */
const Remarks = ({ id }: { readonly id: string }) => {
  const { data } = useQuery({
    queryKey: ['review-history', id],
    queryFn: () => read(api.reviews[':id'].history.$get({ param: { id } })),
  });
  const rows = data?.rows.filter((row) => row.reason !== null && !row.pinned) ?? [];
  if (rows.length === 0) return null;
  return (
    <ul className="remarks" aria-label="复核人的意见">
      {rows.map((row) => (
        <li key={`${row.at}${row.what}`}>
          <Mark tone="warn">{row.what}</Mark> {row.reason}
          <span className="hint">
            　<StaffName username={row.by} /> {momentText(row.at)}
          </span>
        </li>
      ))}
    </ul>
  );
};

const SavedText = ({ saving }: { readonly saving: Saving }) =>
  saving.busy ? (
    <span className="hint">正在保存…</span>
  ) : saving.dirty ? (
    <Mark tone="warn">有改动没有保存</Mark>
  ) : (
    <span className="hint">已保存</span>
  );

const Sides = ({ keep, looked }: { readonly keep: Keep; readonly looked: Looked | undefined }) => {
  const [trial, setTrial] = useState<Trial | null>(null);
  const last = useLastSaid(looked);
  const item = useMemo(() => tried(keep.item, trial), [keep.item, trial]);
  return (
    <>
      <SaidPane looked={looked} last={last} />
      <ReachPane item={item} {...(trial === null ? {} : { note: '试算，没有改规则' })}>
        <Sliders keep={keep} trial={trial} setTrial={setTrial} />
      </ReachPane>
    </>
  );
};

const Editor = ({ review, reload }: { readonly review: Review; readonly reload: () => void }) => {
  const keep = useKeep(review.content as Json);
  const saving = useSaving(review, keep);
  const { message } = App.useApp();
  const look = useLook(keep.item);
  const looked = look.data;
  const findings = useMemo(() => findingsOf(looked), [looked]);
  const audience = keep.item.audience === 'enterprise' ? 'enterprise' : 'citizen';
  useKeys(keep, () => saving.save((done) => done && void message.success('已保存')));
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      saving.dirty && current.pathname !== next.pathname && !confirm('有改动没有保存。离开就没有了，要离开吗？'),
    enableBeforeUnload: () => saving.dirty,
  });
  return (
    <WordsProvider audience={audience} item={String(keep.item.id ?? '')} own={looked?.names}>
      <FindingsProvider value={findings}>
        <ExamplesGiven.Provider value={looked?.examples ?? []}>
          <PageHead
            title={String(keep.item.title ?? '')}
            state={<Mark tone={states[review.state]?.tone ?? 'plain'}>{states[review.state]?.text}</Mark>}
            note={
              <>
                {String(keep.item.authority ?? '')}　<SavedText saving={saving} />
              </>
            }
            acts={
              <>
                <SubmitButton saving={saving} keep={keep} looked={looked} id={review.id} />
                <Button
                  onClick={() => saving.save((done) => done && void message.success('已保存'))}
                  disabled={!saving.dirty}
                  loading={saving.busy}
                >
                  保存
                </Button>
                <Button onClick={() => keep.undo?.()} disabled={keep.undo === null} title="Ctrl+Z">
                  撤销
                </Button>
                <Button onClick={() => keep.redo?.()} disabled={keep.redo === null} title="Ctrl+Y">
                  重做
                </Button>
              </>
            }
          />
          {saving.conflict === null ? (
            saving.error === null ? null : (
              <Trouble error={saving.error} />
            )
          ) : (
            <Conflict saving={saving} keep={keep} reload={reload} />
          )}
          {look.error === null ? null : <Trouble error={look.error} again={() => void look.refetch()} />}
          {review.submittedAt === null && review.reason === null ? null : <Remarks id={review.id} />}
          <RemarksProvider id={review.id} item={keep.item} may>
            <div className="panes">
              <section
                // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
                tabIndex={0}
                className="pane work"
                aria-label="规则"
              >
                <Work keep={keep} looked={looked} />
                <Findings at="" except={Object.values(parts).flat()} />
                <NoForm item={keep.item} />
              </section>
              <Sides keep={keep} looked={looked} />
            </div>
          </RemarksProvider>
        </ExamplesGiven.Provider>
      </FindingsProvider>
    </WordsProvider>
  );
};

export const EditorPage = () => {
  const id = useParams({ strict: false }).id ?? '';
  const { username } = useStaff();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['rule-draft', id],
    queryFn: () => askReview(id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [round, setRound] = useState(0);
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  if (!isJson(data.content)) return <Nothing>这份草稿里没有规则。</Nothing>;
  if (data.state !== 'draft' && data.state !== 'returned')
    return <Nothing>这一份现在是“{states[data.state]?.text ?? data.state}”，不能再改。要改的，从事项页另起一份草稿。</Nothing>;
  if (data.maker !== username)
    return (
      <Nothing>
        这份草稿是 <StaffName username={data.maker} /> 的，只有编制人能改。要在它的基础上写，请复制一份。
      </Nothing>
    );
  return <Editor key={`${id} ${round}`} review={data} reload={() => void refetch().then(() => setRound(dataUpdatedAt + 1))} />;
};
