// Which label of a department's file is which column of a dataset, version by version, as people settled it.
import { html } from 'hono/html';
import type { MappingVersion } from '../../record/mapping-store.ts';
import { type Html, table } from '../view.ts';
import { momentText, shown } from '../words.ts';

/** 1 元 = 10^scale of what the file writes: 万元 has four. */
const scaleText = (scale: number): string => (scale === 0 ? '—' : `小数点移 ${scale} 位`);

/** Labels are kept as they are compared: the unit stands behind a bar. */
const labelText = (label: string): string => shown(label.split('|')[0] ?? label);

const labelsTable = ({ labels }: MappingVersion): Html =>
  table<[string, MappingVersion['labels'][string]]>(
    [
      { title: '部门文件里的列名', cell: ([label]) => labelText(label) },
      { title: '数据集的列', cell: ([, one]) => one.to },
      { title: '换算', cell: ([, one]) => scaleText(one.scale) },
    ],
    Object.entries(labels),
    '这一版没有写任何对应。',
  );

export const mappingSection = (versions: readonly MappingVersion[]): Html => {
  const [newest, ...older] = versions;
  if (newest === undefined)
    return html`<p class="empty">部门文件的列名与数据集一致，不用对应。不一致时用 import --propose 看建议，核对后加 --save 存下，以后照用。</p>`;
  const head = (one: MappingVersion): string => `第 ${one.version} 版，${momentText(one.madeAt)}`;
  return html`<p>${head(newest)}，正在使用。</p>${labelsTable(newest)}${older.map((one) => html`<details><summary>${head(one)}</summary>${labelsTable(one)}</details>`)}`;
};
