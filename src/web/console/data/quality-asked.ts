// The last report on the state of the data, as several screens ask for it.
import { useQuery } from '@tanstack/react-query';
import { api, read } from '../client.ts';
import { dayText, momentText } from '../words.ts';

const askQuality = async () => (await read(api.quality.$get({ query: {} }))).report;
export type Report = NonNullable<Awaited<ReturnType<typeof askQuality>>>;

/** null: none was made for whoever asks yet. */
export const useQuality = () => useQuery({ queryKey: ['quality'], queryFn: askQuality, staleTime: 60_000 });

/** As of when it is, and whether that still holds. */
export const madeText = ({ knownAt, madeAt, current }: Pick<Report, 'knownAt' | 'madeAt' | 'current'>): string =>
  `截至 ${dayText(knownAt)}，${momentText(madeAt)}做的${current ? '' : '；之后又有交付或匹配，会自动重做'}。`;
