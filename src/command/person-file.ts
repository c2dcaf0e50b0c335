// Everything held about one person, put together for the person (个人信息保护法第四十五条): the delivered data with their sources, what was decided on them,
// money, notices, and who looked. Whole numbers stand in it: it is for nobody else's eyes.

import type { Page } from '../base/page.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { lookReasons } from '../consult/consult.ts';
import { looksAt } from '../consult/store.ts';
import type { Db } from '../db/handle.ts';
import { listDisbursements } from '../disbursement/store.ts';
import { listMatches, matchById } from '../match/store.ts';
import { listNotices } from '../notice/store.ts';
import { deliveryById, recordById } from '../record/store.ts';
import type { Subject } from '../record/view-store.ts';
import { countSnapshots } from '../snapshot/store.ts';
import { keptFile } from '../vault/kept-store.ts';

const all = async <Row>(page: (after: string | null) => Promise<Page<Row>>): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (let after: string | null = null; ; ) {
    const found: Page<Row> = await page(after);
    rows.push(...found.rows);
    if (found.next === null) return rows;
    after = found.next;
  }
};

/** Newest first. */
const matchesOf = (db: Db, subjectId: string) => async (cursor: string | null) => {
  const page = await listMatches(db, { scope: everything, subjectId, cursor, limit: 200 });
  return { rows: page.rows, next: page.cursor };
};

/** Delivered files, kept, in which the newest word of a dataset about the person came. */
const sourcesOf = async (db: Db, deliveries: readonly string[]): Promise<number> => {
  let files = 0;
  for (const id of deliveries) {
    const delivery = await deliveryById(db, id);
    const kept = delivery === null ? null : await keptFile(db, delivery.sha256);
    if (kept !== null && kept.removedAt === null) files++;
  }
  return files;
};

export const personFile = async (db: Db, catalogue: Catalogue, subject: Subject) => {
  const { subjectId, register } = subject;
  const record = await recordById(db, register, subjectId);
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d]));
  const labels = new Map(catalogue.facts.filter((f) => f.register === register).map((f) => [f.key, f.label]));
  const sources = await sourcesOf(db, [...new Set(Object.values(record?.provenance ?? {}).map((one) => one.delivery))]);
  const matches = [];
  for (const one of await all(matchesOf(db, subjectId))) {
    const match = await matchById(db, one.id, everything);
    if (match !== null) matches.push(match);
  }
  const ask = (after: string | null) => ({ scope: everything, filter: { subjectId }, after, limit: 200 });
  return {
    subject: { id: subjectId, register, number: subject.key, name: subject.name, division: subject.division },
    data: Object.entries(record?.facts ?? {}).flatMap(([fact, cells]) =>
      cells.map(({ d, ...cell }) => ({
        fact,
        label: labels.get(fact) ?? fact,
        ...cell,
        source: {
          dataset: d,
          title: datasets.get(d)?.title ?? d,
          department: datasets.get(d)?.department ?? '',
          asOf: record?.provenance[d]?.asOf ?? null,
        },
      })),
    ),
    decisions: matches.map(({ itemId, version, periodKey, kind, verdict, amountFen, createdAt, lines, evidence }) => ({
      itemId,
      version,
      periodKey,
      kind,
      verdict,
      amountFen: amountFen === null ? null : String(amountFen),
      at: createdAt.toISOString(),
      lines,
      read: evidence.read,
    })),
    disbursements: (await all((after) => listDisbursements(db, ask(after)))).map((d) => ({ ...d, amountFen: String(d.amountFen) })),
    notices: (await all((after) => listNotices(db, ask(after)))).map((n) => ({
      ...n,
      amountFen: n.amountFen === null ? null : String(n.amountFen),
    })),
    // Not shown: they hold everybody, and what of this person stands in them is `data` as it once was.
    sources: { files: sources, snapshots: await countSnapshots(db) },
    looks: (await looksAt(db, subjectId, 10_000)).map((look) => ({ ...look, reasonText: lookReasons[look.reason] })),
  };
};

export type PersonFile = Awaited<ReturnType<typeof personFile>>;

/** What must stay when erasure is asked, and why. */
export const staysBecause = (file: PersonFile): readonly { readonly what: string; readonly count: number; readonly why: string }[] =>
  [
    {
      what: '部门报送的数据',
      count: file.data.length,
      why: '为履行法定职责判定待遇所必需（个人信息保护法第十三条第三项）；应向报送部门提出更正或删除。',
    },
    { what: '匹配结果和判定依据', count: file.decisions.length, why: '发放决定的凭据，须能复核和重判；随财政和审计档案保存。' },
    { what: '兑付记录', count: file.disbursements.length, why: '财政支付的会计凭据。' },
    { what: '告知', count: file.notices.length, why: '已依法告知的证明。' },
    {
      what: '部门交付的原件',
      count: file.sources.files,
      why: '数据来源的凭据，加密保存，到数据集的保存期后清除。',
    },
    {
      what: '已封存的数据快照',
      count: file.sources.snapshots,
      why: '判定当时所依据的数据，加密保存，须能复核；其中的旧联系方式不再用于告知。',
    },
    { what: '查阅留痕', count: file.looks.length, why: '审计留痕，任何人不得删改。' },
  ].filter((one) => one.count > 0);
