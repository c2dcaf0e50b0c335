// Paid in parts over years: what each of them comes to, by what is known of everybody now.
import { useQueries } from '@tanstack/react-query';
import { countText, money } from '../words.ts';
import { askYear } from './ask.ts';
import { isJson, type Json } from './document.ts';

/** The years its parts reach over, from this period's on; empty for what is not paid by the year in parts. */
const yearsOf = (item: Json, periodKey: string): readonly string[] => {
  const parts = isJson(item.instalments) && Array.isArray(item.instalments.parts) ? item.instalments.parts.filter(isJson) : [];
  const years = parts.flatMap(({ year }) => (typeof year === 'number' ? [year] : []));
  if (item.period !== 'yearly' || years.length === 0 || !/^\d{4}$/.test(periodKey)) return [];
  const reach = Math.min(10, Math.max(...years) - Math.min(...years) + 1);
  return Array.from({ length: reach }, (_, i) => String(Number(periodKey) + i));
};

export const Years = ({ item, periodKey, unit }: { readonly item: Json; readonly periodKey: string; readonly unit: string }) => {
  const years = yearsOf(item, periodKey);
  const told = useQueries({
    queries: years.map((year) => ({
      queryKey: ['rule-year', item, year],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => askYear(item, year, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
    })),
  });
  if (years.length === 0) return null;
  const points = told.map(({ data }) => data?.points[0]);
  const sum = points.reduce((all, one) => all + BigInt(one?.amountFen ?? 0), 0n);
  return (
    <>
      <h3>分期发放，各年要发</h3>
      <table className="bars" aria-label="各年要发">
        <tbody>
          {years.map((year, i) => (
            <tr key={year}>
              <th scope="row">{year}年</th>
              <td className="figure">
                {points[i] === undefined ? (told[i]?.error == null ? '…' : '—') : `${countText(points[i].eligible)} ${unit}`}
              </td>
              <td className="figure">{points[i]?.amountFen == null ? '' : money(points[i].amountFen)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">合计</th>
            <td />
            <td className="figure">{points.every((one) => one !== undefined) ? money(String(sum)) : '…'}</td>
          </tr>
        </tbody>
      </table>
      <p className="hint">按现在封存的数据推算：以后各年还要再核，人数会变。</p>
    </>
  );
};
