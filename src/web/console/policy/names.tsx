// The words a rule is made of: facts with label, unit, source and freshness, operators, codes. Asked once for a rule's register; the rule's own facts come with
// each look at it.
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { api, read } from '../client.ts';
import { dayText } from '../words.ts';
import type { Looked } from './ask.ts';

type Audience = 'citizen' | 'enterprise';
const askNames = (audience: Audience, item: string) => read(api.rules.names.$get({ query: { audience, item } }));
type Answer = Awaited<ReturnType<typeof askNames>>;
export type Name = Answer['names'][number];
export type Type = Name['type'];
export type Operator = Answer['operators'][number];

export interface Words {
  readonly names: readonly Name[];
  readonly find: (name: string) => Name | undefined;
  readonly operator: (name: string) => Operator | undefined;
  readonly operators: readonly Operator[];
  readonly parameters: Answer['parameters'];
  /** Whom the subject is linked to, one by one: 监护人, 学校. */
  readonly links: Answer['links'];
  readonly ready: boolean;
}

const Given = createContext<Words | null>(null);

export const useWords = (): Words => {
  const words = useContext(Given);
  if (words === null) throw new Error('no words here');
  return words;
};

const none: readonly Name[] = [];

interface Provided {
  readonly audience: Audience;
  readonly item: string;
  readonly own: Looked['names'] | undefined;
  readonly children: ReactNode;
}

export const WordsProvider = ({ audience, item, own = none, children }: Provided) => {
  const { data } = useQuery({
    queryKey: ['rule-names', audience, item],
    queryFn: () => askNames(audience, item),
    staleTime: 5 * 60_000,
  });
  const words = useMemo((): Words => {
    const names = [...own, ...(data?.names ?? none)];
    const byName = new Map(names.toReversed().map((one) => [one.name, one]));
    const operators = new Map((data?.operators ?? []).map((one) => [one.name, one]));
    return {
      names,
      find: (name) => byName.get(name),
      operator: (name) => operators.get(name),
      operators: [...operators.values()],
      parameters: data?.parameters ?? [],
      links: data?.links ?? [],
      ready: data !== undefined,
    };
  }, [data, own]);
  return <Given.Provider value={words}>{children}</Given.Provider>;
};

const kinds: Readonly<Record<Type['kind'], string>> = {
  number: '数',
  boolean: '是否',
  text: '文字',
  date: '日期',
  code: '代码',
  set: '多选',
  list: '清单',
  series: '各期数值',
  other: '其他',
};

/** 「数，元」「多选」. */
export const typeText = ({ kind, unit, tree }: Type): string =>
  kind === 'code' ? (tree === 'division' ? '区划' : '行业等代码') : unit === null ? kinds[kind] : `${kinds[kind]}，${unit}`;

/** Where it comes from and how fresh that is. */
export const sourceText = (name: Name): string => {
  if (name.kind === 'item') return '这个事项自己的指标';
  if (name.kind === 'period') return '所属期';
  if (name.kind === 'element') return '这一件事的记录';
  const [first] = name.sources;
  if (first === undefined) return '没有来源数据集，一律待核';
  const more = name.sources.length > 1 ? ` 等 ${name.sources.length} 个来源` : '';
  const told = { never: '还没有报送过', stale: '已过期', fresh: '' }[first.freshness];
  return `${first.department} · ${first.title}${more}，${first.asOf === null ? told : `数据到 ${dayText(first.asOf)}${told === '' ? '' : `，${told}`}`}`;
};
