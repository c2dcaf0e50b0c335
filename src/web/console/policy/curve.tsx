// How many and how much over the whole range of one figure, from the engine's own sweep: two lines, each labelled at its end, a mark where the rule stands. A
// point is taken by a press; the slider beside it does the same by keyboard.
import type { MouseEvent } from 'react';
import { countText, figure } from '../words.ts';
import { type Reach, useSweep } from './ask.ts';
import type { Json } from './document.ts';
import { type Figure, pointsOf, rangeOf } from './trial-figures.ts';

type Point = Reach['points'][number];

const width = 292;
const height = 104;
const edge = { left: 6, right: 6, top: 16, bottom: 18 } as const;

const yuan = (fen: string | null): number => (fen === null ? 0 : Number(fen) / 100);

interface Drawn {
  readonly points: readonly { readonly value: number; readonly eligible: number; readonly yuan: number; readonly fen: string | null }[];
  readonly x: (value: number) => number;
  readonly y: (part: number, whole: number) => number;
}

const drawn = (points: readonly Point[]): Drawn | null => {
  const swept = points.flatMap((one) =>
    one.value === null ? [] : [{ value: Number(one.value), eligible: one.eligible, yuan: yuan(one.amountFen), fen: one.amountFen }],
  );
  const [low, high] = [swept[0]?.value, swept.at(-1)?.value];
  if (low === undefined || high === undefined || low === high) return null;
  const [w, h] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
  return {
    points: swept,
    x: (value) => edge.left + ((value - low) / (high - low)) * w,
    y: (part, whole) => edge.top + h - (whole === 0 ? 0 : (part / whole) * h),
  };
};

interface Given {
  readonly item: Json;
  readonly figure: Figure;
  /** What is being tried; the rule's own where nothing is. */
  readonly value: number;
  readonly pick: (value: number) => void;
  readonly unit: string;
}

/** The values in words, for whoever reads instead of looks. */
const Values = ({ points, unit }: { readonly points: Drawn['points']; readonly unit: string }) => (
  <details>
    <summary>看各点的数</summary>
    <table className="bars">
      <tbody>
        {points.map((one) => (
          <tr key={one.value}>
            <th scope="row">{one.value}</th>
            <td className="figure">{`${countText(one.eligible)} ${unit}`}</td>
            <td className="figure">{one.fen === null ? '—' : `${figure(one.fen)} 元`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);

export const Curve = ({ item, figure: tried, value, pick, unit }: Given) => {
  const range = rangeOf(tried.value);
  const { data, error, isFetching } = useSweep(item, `${tried.at}=${pointsOf(range, tried.value).join(',')}`);
  if (error !== null) return <p className="hint">这个数的曲线数不出来。</p>;
  const shape = data === undefined ? null : drawn(data.points);
  if (shape === null) return <p className="hint">{isFetching ? '正在数曲线…' : ''}</p>;
  const { points, x, y } = shape;
  const most = Math.max(...points.map((one) => one.eligible));
  const dearest = Math.max(...points.map((one) => one.yuan));
  const nearest = (at: number) =>
    points.reduce(
      (best, one) => (Math.abs(x(one.value) - at) < Math.abs(x(best.value) - at) ? one : best),
      points[0] as (typeof points)[number],
    );
  const press = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    pick(nearest(((event.clientX - box.left) / box.width) * width).value);
  };
  const line = (of: (one: (typeof points)[number]) => number, whole: number) =>
    points.map((one) => `${x(one.value).toFixed(1)},${y(of(one), whole).toFixed(1)}`).join(' ');
  const here = nearest(x(value));
  const [first, last] = [points[0], points.at(-1)];
  return (
    <figure className={`curve ${isFetching ? 'stale' : ''}`}>
      <figcaption>
        {tried.label}
        <span className="curve-count">
          ■ {countText(here.eligible)} {unit}
        </span>
        <span className="curve-cost">■ {here.fen === null ? '—' : `${figure(here.fen)} 元`}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider above takes the keys */}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${tried.label}从 ${first?.value} 到 ${last?.value}：人数和金额，数字见下`}
        onClick={press}
      >
        <title>点一下取这个数</title>
        <line className="curve-axis" x1={edge.left} x2={width - edge.right} y1={height - edge.bottom} y2={height - edge.bottom} />
        <polyline className="curve-count" points={line((one) => one.eligible, most)} />
        <polyline className="curve-cost" points={line((one) => one.yuan, dearest)} />
        <line className="curve-own" x1={x(tried.value)} x2={x(tried.value)} y1={edge.top} y2={height - edge.bottom} />
        <line className="curve-here" x1={x(here.value)} x2={x(here.value)} y1={edge.top - 6} y2={height - edge.bottom} />
        <circle className="curve-count" cx={x(here.value)} cy={y(here.eligible, most)} r={3} />
        <circle className="curve-cost" cx={x(here.value)} cy={y(here.yuan, dearest)} r={3} />
        <text x={edge.left} y={height - 4}>
          {first?.value}
          {tried.unit}
        </text>
        <text x={width - edge.right} y={height - 4} textAnchor="end">
          {last?.value}
          {tried.unit}
        </text>
        <text x={Math.min(Math.max(x(here.value), 24), width - 24)} y={edge.top - 6} textAnchor="middle">
          {here.value}
        </text>
      </svg>
      <Values points={points} unit={unit} />
    </figure>
  );
};
