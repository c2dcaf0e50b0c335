// What publishing would do: the due period, closed periods that would be decided again, who comes in and drops out, as the forecast says; stored with the
// review, so that writer and reviewer see the same.
import { Facts, Mark, Nothing } from '../page.tsx';
import { countText, dayText, money, periodText } from '../words.ts';
import { isJson, type Json } from './document.ts';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const part = (value: unknown, ...names: readonly string[]): Json => {
  const found = names.reduce<unknown>((here, name) => (isJson(here) ? here[name] : undefined), value);
  return isJson(found) ? found : {};
};
const count = (value: unknown): string => countText(Number(value ?? 0));
const fen = (value: unknown): string => money(text(value) === '' ? '0' : text(value));

const percent = (share: unknown): string => `${(Number(share) * 100).toFixed(1)}%`;

/** null: nothing is sealed yet, or whoever asks may not see everybody. */
export const EffectTold = ({ effect, unit }: { readonly effect: unknown; readonly unit: string }) => {
  if (!isJson(effect)) return <Nothing>没有匡算：还没有封存过数据，或者您只能看部分地区。</Nothing>;
  const due = part(effect, 'due');
  const counts = part(due, 'counts');
  const shift = part(due, 'against', 'inForce');
  const share = part(effect, 'share');
  const against: readonly (readonly [string, string])[] = [
    ['新纳入', `${count(part(shift, 'gained').subjects)} ${unit}`],
    ['不再纳入', `${count(part(shift, 'lost').subjects)} ${unit}`],
    ['金额变动的', `${count(part(shift, 'changed').subjects)} ${unit}`],
    ['占现行版的人', percent(share.people)],
    ['占现行版的钱', percent(share.money)],
  ];
  const closed = Array.isArray(effect.closed) ? effect.closed.filter(isJson) : [];
  return (
    <>
      <p>
        {effect.exceeds === true ? (
          <Mark tone="warn">影响超过界限 {percent(effect.limit)}，复核人要具名确认</Mark>
        ) : (
          <Mark tone="good">影响在界限 {percent(effect.limit)} 以内</Mark>
        )}
      </p>
      <Facts
        pairs={[
          ['所属期', periodText(text(part(due, 'period').key) || null)],
          ['数据', text(part(effect, 'snapshot').knownAt) === '' ? '' : `${dayText(text(part(effect, 'snapshot').knownAt))}封存`],
          ['符合', `${count(counts.eligible)} ${unit}`],
          ['待核', `${count(counts.undetermined)} ${unit}`],
          ['要发', fen(counts.amountFen)],
          ...(share.people === undefined ? [] : against),
        ]}
      />
      {share.people === undefined ? <p className="hint">首次发布，没有现行版可比。</p> : null}
      {closed.length === 0 ? (
        <p className="hint">不重算已经结束的所属期。</p>
      ) : (
        <>
          <p>
            重算 {countText(closed.length)} 个已结束的所属期：补差 {fen(effect.topUpFen)}，多发 {fen(effect.overPaidFen)}
            {text(effect.recovery) === '' ? '（没有追回条款，多发的不追）' : `（追回依据：${text(effect.recovery)}）`}。
          </p>
          <table className="bars" aria-label="重算的所属期">
            <tbody>
              {closed.map((one) => (
                <tr key={text(one.periodKey)}>
                  <th scope="row">{periodText(text(one.periodKey))}</th>
                  <td>
                    新纳入 {count(one.gained)}，不再纳入 {count(one.lost)}，金额变动 {count(one.changed)}
                  </td>
                  <td className="figure">补差 {fen(one.topUpFen)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
};
