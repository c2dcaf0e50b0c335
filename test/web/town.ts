// A small town on the real path: delivered files, sealed, run, settled and pre-filled, in two divisions, so that whoever may see one must not see the other.
import { randomUUID } from 'node:crypto';
import { citizenIdCheck, usccCheck } from '../../src/base/codes.ts';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { transaction } from '../../src/db/handle.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { listDisbursements } from '../../src/disbursement/store.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { runItems } from '../../src/match/run.ts';
import { listMatches } from '../../src/match/store.ts';
import { newCheckCode } from '../../src/notice/check-code.ts';
import { insertNotices } from '../../src/notice/store.ts';
import { readRuleFile } from '../../src/policy/files.ts';
import { publishItem } from '../../src/policy/publish.ts';
import { liveItems } from '../../src/policy/store.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { settle } from '../../src/settlement/settle.ts';
import { seal } from '../../src/snapshot/seal.ts';
import type { TestDatabase } from '../database.ts';

export const asOf = day('2026-04-15');
export const at = new Date('2026-04-15T02:00:00Z');

const citizen = (place: string, birth: string, n: number): string => {
  const digits = `${place}${birth}${String(n).padStart(3, '0')}`;
  return digits + citizenIdCheck(digits);
};
const firm = (place: string, n: number): string => {
  const text = `91${place}MA${String(n).padStart(7, '0')}`;
  return text + usccCheck(text);
};

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly division: string;
  readonly birth: string;
  readonly account: string;
}
const person = (place: string, name: string, birth: string, n: number): Person => ({
  key: citizen(place, birth.replaceAll('-', ''), n),
  name,
  division: place,
  birth: n === 3 ? '' : birth,
  account: `6217000${place}${String(n).padStart(6, '0')}`,
});

/** One eligible, one not, one undetermined (no birthday) in each division; names that nobody else has. */
export const own = [
  person('530128', '禄一一', '1940-01-02', 1),
  person('530128', '禄二二', '1990-01-02', 2),
  person('530128', '禄三三', '1941-01-02', 3),
];
export const other = [
  person('310101', '沪一一', '1940-01-02', 1),
  person('310101', '沪二二', '1990-01-02', 2),
  person('310101', '沪三三', '1941-01-02', 3),
];
export const ownItem = 'luquan-gaoling';
export const otherItem = 'sh-laonian';
/** Markup, a direction override, a control character: all of it must come out as text. */
export const hostile = '<img src=x onerror=alert(1)>\u202egnp.\u0007"&\'';
export const ownFirm = firm('530128', 1);
export const otherFirm = firm('310101', 2);

const people = [...own, ...other];
const files: readonly (readonly [string, 'full' | 'list', string])[] = [
  [
    'police-residents',
    'full',
    [
      '公民身份号码,姓名,户籍地区划,性别,出生日期,死亡日期',
      ...people.map((p) => `${p.key},${p.name},${p.division},女,${p.birth},`),
      `110101190001011234,坏,110101,女,1900-01-01,`,
    ].join('\n'),
  ],
  [
    'police-hukou',
    'full',
    ['公民身份号码,户籍地区划,户口性质,生效日期,失效日期', ...people.map((p) => `${p.key},${p.division},城镇,2000-01-01,`)].join('\n'),
  ],
  ['health-deaths', 'list', '公民身份号码,死亡日期'],
  ['civil-cremations', 'list', '公民身份号码,死亡日期'],
  [
    'social-cards',
    'full',
    [
      '公民身份号码,社会保障卡银行账号,开户银行,联行号,户名,金融功能是否开通,生效日期,失效日期',
      ...people.map((p) => `${p.key},${p.account},直享样例银行,,${p.name},是,,`),
    ].join('\n'),
  ],
  [
    'market-registration',
    'full',
    [
      '统一社会信用代码,企业名称,登记地区划,组织类型,是否全额拨款,所有制,成立日期,是否劳务派遣,行业代码,是否法人',
      `${ownFirm},禄劝样例有限公司,530128,,,,2015-01-01,,,是`,
      `${otherFirm},沪上样例有限公司,310101,,,,2015-01-01,,,是`,
    ].join('\n'),
  ],
];

export interface Side {
  readonly subjects: readonly string[];
  readonly matches: readonly string[];
  readonly disbursements: readonly string[];
  readonly notices: readonly string[];
  readonly firm: string;
}
export interface Town {
  readonly catalogue: Catalogue;
  readonly runId: string;
  readonly delivery: string;
  readonly own: Side;
  readonly other: Side;
}

const shipped = new URL('../../rules/', import.meta.url).pathname;

/** The condition of age names its clause, as a rule does whose document has clauses. */
const withClause = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json), (_, node: unknown) =>
    typeof node === 'object' && node !== null && 'text' in node && node.text === '当月年满80周岁' ? { ...node, clause: '第二条' } : node,
  );

const publishAll = async (database: TestDatabase): Promise<Catalogue> => {
  const read = await readCatalogue(`${shipped}catalogue`);
  if (!read.ok) throw new Error(JSON.stringify(read.problems[0]));
  const { catalogue } = read;
  await publishCatalogue(database.db, { catalogue, maker: 'officer', checker: 'officer2', at });
  for (const path of [`${shipped}530128/${ownItem}.json`, `${shipped}310000/${otherItem}.json`]) {
    const file = await readRuleFile(path, catalogue);
    const done = await publishItem(database.db, { json: withClause(file.json), catalogue, maker: 'officer', checker: 'officer2', at });
    if (!done.ok) throw new Error(JSON.stringify(done.problems[0]));
  }
  return catalogue;
};

const deliver = async (database: TestDatabase, catalogue: Catalogue): Promise<string> => {
  let first = '';
  for (const [dataset, kind, text] of files) {
    const report = await importDelivery(
      database.db,
      catalogue,
      {
        dataset,
        kind,
        division: null,
        asOf: day('2026-04-14') as Day,
        fileName: `${dataset}.csv`,
        content: bytesContent(new TextEncoder().encode(`${text}\n`)),
        receivedBy: 'test',
        role: 'system',
      },
      { now: at },
    );
    if (report.state === 'refused') throw new Error(`${dataset}: ${JSON.stringify(report.problems[0])}`);
    if (first === '') first = report.deliveryId;
  }
  return first;
};

const sideOf = async (database: TestDatabase, persons: readonly Person[], itemId: string, firmKey: string): Promise<Side> => {
  const ids = await database.sql<
    { key: string; id: string }[]
  >`select key, subject_id as id from record where key = any(${[...persons.map((p) => p.key), firmKey]})`;
  const idOf = new Map(ids.map((row) => [row.key, row.id]));
  const matches = (await listMatches(database.db, { scope: everything, itemId })).rows;
  const disbursements = (await listDisbursements(database.db, { scope: everything, filter: { itemId }, limit: 50 })).rows;
  const notices = await database.sql<{ id: string }[]>`select id from notice where item_id = ${itemId}`;
  return {
    subjects: persons.map((p) => idOf.get(p.key) ?? ''),
    matches: matches.map((m) => m.id),
    disbursements: disbursements.map((d) => d.id),
    notices: notices.map((n) => n.id),
    firm: idOf.get(firmKey) ?? '',
  };
};

/** One notice per match, as the step that tells would have written it after the review. */
const tellAll = async (database: TestDatabase): Promise<void> => {
  const { rows } = await listMatches(database.db, { scope: everything });
  await transaction(database.db, (tx) =>
    insertNotices(
      tx,
      rows.map((m) => ({
        id: randomUUID(),
        dedupe: `${m.id}:matched`,
        subjectId: m.subjectId,
        itemId: m.itemId,
        authority: m.itemId === ownItem ? '禄劝县民政局' : '上海市民政局',
        division: m.division,
        matchId: m.id,
        template: 'matched',
        ways: [{ channel: 'outbox', address: 'somebody@example.cn' }],
        duty: 'required',
        entry: true,
        wording: 'shipped',
        short: '津贴已核定',
        code: newCheckCode(),
        subject: '津贴已核定',
        body: `${m.name ?? ''}：\n您的津贴已核定。`,
        amountFen: m.amountFen,
        messageId: `${m.id}@test.invalid`,
        disbursementIds: [],
        owedIds: [],
      })),
      at,
    ),
  );
};

export const buildTown = async (database: TestDatabase): Promise<Town> => {
  const { db } = database;
  const catalogue = await publishAll(database);
  const delivery = await deliver(database, catalogue);
  const sealed = await seal(db, { catalogue, knownAt: asOf, at, actor: 'test' });
  const cut = await transaction(db, (tx) => ledgerCut(tx));
  const ran = await runItems(db, {
    snapshotId: sealed.snapshotId,
    items: await liveItems(db),
    catalogue,
    ledgerCut: cut,
    at,
    actor: 'test',
  });
  await settle(db, { now: at });
  await prefill(db, { now: at, read: contactReader(catalogue, asOf), link: linkNames(catalogue) });
  await tellAll(database);
  await database.sql`update record set name = ${hostile} where key = ${ownFirm}`;
  return {
    catalogue,
    runId: ran.runId,
    delivery,
    own: await sideOf(database, own, ownItem, ownFirm),
    other: await sideOf(database, other, otherItem, otherFirm),
  };
};
