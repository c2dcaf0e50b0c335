// What tells two versions apart, in Chinese, part by part.
import { Mark, Nothing, type Tone } from '../page.tsx';

interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly part: string;
  readonly at: string;
  readonly before: string | null;
  readonly after: string | null;
}

const kinds: Readonly<Record<Difference['kind'], { readonly text: string; readonly tone: Tone }>> = {
  added: { text: '增加', tone: 'good' },
  removed: { text: '取消', tone: 'bad' },
  changed: { text: '改变', tone: 'now' },
};

export const Differences = ({ rows, empty }: { readonly rows: readonly Difference[]; readonly empty: string }) =>
  rows.length === 0 ? (
    <Nothing>{empty}</Nothing>
  ) : (
    <table className="differences" aria-label="差别">
      <thead>
        <tr>
          <th>哪里</th>
          <th>怎么变</th>
          <th>原来</th>
          <th>现在</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same sentence may change twice
          <tr key={i}>
            <td>{row.part}</td>
            <td>
              <Mark tone={kinds[row.kind].tone}>{kinds[row.kind].text}</Mark>
            </td>
            <td>{row.before ?? '—'}</td>
            <td>{row.after ?? '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
