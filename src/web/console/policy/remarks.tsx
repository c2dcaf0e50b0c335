// Remarks at the place they are about: the reviewer makes them on a sentence of the rule, its writer finds them there and in the form, and answers. One about
// what reads otherwise by now says what it was about.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { createContext, type KeyboardEvent, type ReactNode, useContext, useMemo, useState } from 'react';
import { ReasonWindow } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { Mark } from '../page.tsx';
import { StaffName } from '../staff-name.tsx';
import { momentText } from '../words.ts';
import { nearestOf, type Standing, standingOf } from './remark-places.ts';

const ask = (id: string) => read(api.reviews[':id'].remarks.$get({ param: { id } }));
type Remark = Awaited<ReturnType<typeof ask>>['rows'][number];

interface Thread extends Standing {
  readonly remark: Remark;
  readonly answers: readonly Remark[];
}

interface Asked {
  readonly about: string;
  readonly body: { readonly place: string } | { readonly answers: string };
}

interface Around {
  readonly threads: readonly Thread[];
  /** null: there is nothing to be said any more. */
  readonly begin: ((place: string, about: string) => void) | null;
  readonly answer: ((remark: Remark) => void) | null;
}
const Given = createContext<Around | null>(null);

interface Provided {
  readonly id: string;
  /** As it stands on the screen. */
  readonly item: unknown;
  readonly may: boolean;
  readonly children: ReactNode;
}

export const RemarksProvider = ({ id, item, may, children }: Provided) => {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['review-remarks', id], queryFn: () => ask(id) });
  const threads = useMemo((): readonly Thread[] => {
    const rows = data?.rows ?? [];
    return rows.flatMap((remark) =>
      remark.place === null || remark.answers !== null
        ? []
        : [
            {
              ...standingOf({ place: remark.place, was: remark.was }, item),
              remark,
              answers: rows.filter((one) => one.answers === remark.id),
            },
          ],
    );
  }, [data, item]);
  const around = useMemo((): Around => {
    const begin = (next: Asked) => {
      setAsked(next);
      setOpen(true);
    };
    return {
      threads,
      begin: may ? (place, about) => begin({ about, body: { place } }) : null,
      answer: may ? (remark) => begin({ about: remark.text, body: { answers: remark.id } }) : null,
    };
  }, [threads, may]);
  const answering = asked !== null && 'answers' in asked.body;
  return (
    <Given.Provider value={around}>
      {children}
      {asked === null ? null : (
        <ReasonWindow
          key={JSON.stringify(asked.body)}
          text={answering ? '答复批注' : '批注这一处'}
          open={open}
          close={() => setOpen(false)}
          about={<blockquote className="remark-about">{asked.about}</blockquote>}
          hint={answering ? '改了什么，或为什么不改' : '写明怎么改，编制人在这一处看得到'}
          act={({ reason }) => read(api.reviews[':id'].remarks.$post({ param: { id }, json: { text: reason, ...asked.body } }))}
          said={() => (answering ? '已答复' : '已批注')}
        />
      )}
    </Given.Provider>
  );
};

const Words = ({ one }: { readonly one: Remark }) => (
  <>
    {one.text}
    <span className="hint">
      　<StaffName username={one.by} /> {momentText(one.at)}
    </span>
  </>
);

const ThreadShown = ({ thread: { remark, answers, changed, at }, answer }: { readonly thread: Thread } & Pick<Around, 'answer'>) => (
  <div className="remark">
    <Mark tone="warn">批注</Mark> <Words one={remark} />
    {changed ? (
      <div className="hint">
        原来说的是：{remark.about === '' ? '别的写法' : remark.about}
        {at === null ? '（现在没有这一处了）' : '（这一处已改过）'}
      </div>
    ) : null}
    {answers.map((one) => (
      <div key={one.id} className="remark-answer">
        答复：
        <Words one={one} />
      </div>
    ))}
    {answer === null ? null : (
      <Button type="link" size="small" onClick={() => answer(remark)}>
        答复
      </Button>
    )}
  </div>
);

const idOf = (at: string, text: string): string => `${at} ${text}`;

/** Which places the sentences on the screen have. */
interface Sentence {
  readonly text: string;
  readonly at?: string | undefined;
  readonly children: readonly Sentence[];
}
/** Those that can be remarked on, as they stand below each other; the heading of all is not. */
const idsOf = ({ children }: Sentence): readonly string[] =>
  children.flatMap((one) => [...(one.at === undefined ? [] : [idOf(one.at, one.text)]), ...idsOf(one)]);
export const placesOf = (said: Sentence): ReadonlySet<string> => {
  const out = new Set<string>();
  const walk = (one: Sentence): void => {
    if (one.at !== undefined) out.add(one.at);
    one.children.forEach(walk);
  };
  walk(said);
  return out;
};

interface Stop {
  /** The one of all these buttons that Tab comes to; null: the first. */
  readonly here: string | null;
  readonly go: (id: string) => void;
}
const Stopped = createContext<Stop>({ here: null, go: () => undefined });

const onAddKey = (event: KeyboardEvent<HTMLElement>): void => {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('.remark-add')];
  const at = all.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
};

/** Around the sentences: one stop for Tab, arrows go from sentence to sentence. */
export const RemarkStops = ({ said, children }: { readonly said: Sentence; readonly children: ReactNode }) => {
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = useMemo(() => idsOf(said), [said]);
  const here = chosen !== null && ids.includes(chosen) ? chosen : (ids[0] ?? null);
  const stop = useMemo(() => ({ here, go: setChosen }), [here]);
  return (
    <Stopped.Provider value={stop}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it are what is pressed */}
      <div className="said" onKeyDown={onAddKey}>
        {children}
      </div>
    </Stopped.Provider>
  );
};

/** At a sentence: what was said of it, and a button to say something. */
export const RemarksAt = ({ at, text, shown }: { readonly at: string; readonly text: string; readonly shown: ReadonlySet<string> }) => {
  const around = useContext(Given);
  const { here, go } = useContext(Stopped);
  if (around === null) return null;
  const id = idOf(at, text);
  const threads = around.threads.filter((one) => one.at !== null && nearestOf(one.at, shown) === at);
  const { begin } = around;
  return (
    <>
      {begin === null ? null : (
        <Button
          className="remark-add"
          type="link"
          size="small"
          aria-label={`批注：${text.slice(0, 40)}`}
          title="按上下箭头到别的句子"
          tabIndex={here === id ? 0 : -1}
          onFocus={() => go(id)}
          onClick={() => begin(at, text)}
        >
          批注
        </Button>
      )}
      {threads.map((thread) => (
        <ThreadShown key={thread.remark.id} thread={thread} answer={around.answer} />
      ))}
    </>
  );
};

/** Those about what no sentence says any more. */
export const RemarksElsewhere = ({ shown }: { readonly shown: ReadonlySet<string> }) => {
  const around = useContext(Given);
  return around?.threads
    .filter((one) => one.at === null || nearestOf(one.at, shown) === null)
    .map((thread) => <ThreadShown key={thread.remark.id} thread={thread} answer={around.answer} />);
};

/** In the form, at the place itself; `inside`: and of what is in it, where that has no room for them. */
export const RemarkNotes = ({ at, inside = false }: { readonly at: string; readonly inside?: boolean }) =>
  useContext(Given)
    ?.threads.filter((one) => one.at === at || (inside && one.at?.startsWith(`${at}/`)))
    .map(({ remark, changed }) => (
      <div key={remark.id} className="remark">
        <Mark tone="warn">批注</Mark> <Words one={remark} />
        {changed ? <span className="hint">（已改过）</span> : null}
      </div>
    ));
