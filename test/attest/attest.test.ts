// 人工核定 over a real database: two people and a seen document, what it does to the record, what happens when the source speaks again, who may not.
import { beforeEach, describe, expect, test } from 'vitest';
import { anomalies } from '../../src/attest/anomaly.ts';
import { officerCounts } from '../../src/attest/anomaly-store.ts';
import { type Attester, attestEdges, attestStates } from '../../src/attest/attest.ts';
import { confirmAttestation, decideDispute, refuseAttestation, withdrawAttestation } from '../../src/attest/decide.ts';
import { type AttestContext, enterFact, enterSubject, type FactEntry, storeDocument } from '../../src/attest/enter.ts';
import { followAttestations } from '../../src/attest/follow.ts';
import { attestationById } from '../../src/attest/store.ts';
import { declareTie, setAttestRules } from '../../src/attest/tie.ts';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { attestedIn } from '../../src/record/attested.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import * as store from '../../src/record/store.ts';
import { listTickets, ticketsByDepartment } from '../../src/ticket/store.ts';
import { answerTicket, settleTicket } from '../../src/ticket/ticket.ts';
import { testDatabase } from '../database.ts';
import { emptyTables } from '../empty.ts';
import { county, person } from '../record/county.ts';

const database = testDatabase();
const at = new Date('2026-02-20T01:00:00Z');
const today = day('2026-02-20');
const [a, b, c] = [person(1), person(2), person(3)];

const reviewer = (id: string, divisions: readonly string[] | null = null): Attester => ({
  id,
  roles: ['reviewer'],
  scope: { ...everything, divisions },
});
const wang = reviewer('wang');
const li = reviewer('li');
const zhao = reviewer('zhao');

const as = <T>(actor: Attester, work: (context: AttestContext) => Promise<T>, on: Day = today): Promise<T> =>
  transaction(database.db, (tx) => work({ tx, catalogue: county, actor, today: on, at }));

const deliver = (dataset: string, text: string, asOf: string, kind: 'full' | 'changes' | 'list' = 'full') =>
  importDelivery(
    database.db,
    county,
    {
      dataset,
      kind,
      division: null,
      asOf: day(asOf),
      fileName: 'f.csv',
      content: bytesContent(new TextEncoder().encode(text)),
      receivedBy: 'steward',
      role: 'steward',
    },
    { now: at },
  );
const people = (...rows: string[]) => `身份证号,姓名,区划,性别,死亡日期\n${rows.join('\n')}\n`;

const record = async (key: string) => {
  const found = await store.recordByKey(database.db, 'citizen', key);
  if (found === null) throw new Error('no record');
  return found;
};
const worth = async (key: string, fact: string, on: Day = today) =>
  resolveRecord(await record(key), await store.coverages(database.db), county, on).facts[fact];
const idOf = async (key: string) => (await record(key)).subjectId;
const follow = (on: Day) => followAttestations(database.db, { catalogue: county, today: on, at });
const now = async (id: string) => {
  const found = await attestationById(database.db, id, everything);
  if (found === null) throw new Error('no attestation');
  return found;
};
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code ?? String(error),
  );

const keep = (actor: Attester, text: string) => storeDocument(database.db, actor, new TextEncoder().encode(text), at);
let scan = '';
const entry = async (key: string, fact: string, value: FactEntry['value'], more: Partial<FactEntry> = {}): Promise<FactEntry> => ({
  register: 'citizen',
  subjectId: await idOf(key),
  fact,
  value,
  document: scan,
  documentTitle: '派出所证明',
  reason: '本人到场，持身份证和派出所证明',
  expiresOn: day('2026-08-20'),
  ...more,
});
/** Entered by Wang, confirmed by Li. */
const attest = async (...given: Parameters<typeof entry>): Promise<string> => {
  const wanted = await entry(...given);
  const { id } = await as(wang, (context) => enterFact(context, wanted));
  await as(li, (context) => confirmAttestation(context, id));
  return id;
};

beforeEach(async () => {
  await emptyTables(
    database,
    'ticket attestation attested_document kept_chunk kept_file staff_tie setting delivery_problem delivery coverage record_part record',
  );
  await deliver('people', people(`${a},张三,530128102,男,2026-01-31`, `${b},李四,530128102,女,`, `${c},王五,530103,女,`), '2026-02-01');
  scan = await keep(wang, '%PDF-1.7 a scan');
});

describe('被死亡: a wrong source', () => {
  test('one person is not enough; two make it count, with the document in the trace and a ticket to the department', async () => {
    const wanted = await entry(a, 'deathDate', null);
    const { id } = await as(wang, (context) => enterFact(context, wanted));
    expect((await worth(a, 'deathDate'))?.cells?.[0]?.v).toBe('2026-01-31');
    const [ticket] = await listTickets(database.db, { scope: everything, limit: 10 });
    expect(ticket).toMatchObject({ department: '测试局', dataset: 'people', fact: 'deathDate', state: 'open', attestationId: id });
    expect(ticket?.question).not.toContain('2026-01-31');
    expect(await code(as(wang, (context) => confirmAttestation(context, id)))).toBe('scope.two-people');
    await expect(database.sql`update attestation set confirmed_by = 'wang' where id = ${id}`).rejects.toThrow(/attestation_two_people/);
    await as(li, (context) => confirmAttestation(context, id));
    const [cell] = (await worth(a, 'deathDate'))?.cells ?? [];
    expect(cell?.v).toBeNull();
    expect(attestedIn(cell?.dataset ?? '')).toEqual({ id, document: scan, under: null });
    const audited = await database.sql<{ action: string; actor: string }[]>`
      select action, actor from audit_entry where object_id = ${id} order by id`;
    expect(audited.map((one) => [one.action, one.actor])).toEqual([
      ['attest.enter', 'wang'],
      ['attest.confirm', 'li'],
    ]);
  });

  test('the same wrong row again opens an entry and the attested value stands; deciding for the source ends it', async () => {
    const id = await attest(a, 'deathDate', null);
    expect(await follow(today)).toEqual({ expired: 0, agreed: 0, disputed: 0 });
    await deliver('people', people(`${a},张三,530128102,男,2026-01-31`, `${b},李四,530128102,女,`, `${c},王五,530103,女,`), '2026-02-19');
    expect(await follow(today)).toEqual({ expired: 0, agreed: 0, disputed: 1 });
    expect(await follow(today)).toEqual({ expired: 0, agreed: 0, disputed: 0 });
    expect((await now(id)).dispute).toBe('repeated');
    expect((await worth(a, 'deathDate'))?.cells?.[0]?.v).toBeNull();
    expect(await code(as(wang, (context) => decideDispute(context, { id, decision: 'keep', reason: '仍以证明为准' })))).toBe(
      'scope.two-people',
    );
    await as(zhao, (context) => decideDispute(context, { id, decision: 'keep', reason: '仍以证明为准' }));
    expect((await now(id)).dispute).toBeNull();
    expect(await follow(today)).toEqual({ expired: 0, agreed: 0, disputed: 0 });
    expect(await code(as(zhao, (context) => decideDispute(context, { id, decision: 'source', reason: '再查' })))).toBe('state.edge');
  });

  test('another source reporting a death nobody has looked at makes it unknown, until a document settles it', async () => {
    const id = await attest(a, 'deathDate', null);
    await deliver('cremations', `身份证号,死亡日期\n${a},2026-01-20\n`, '2026-02-18', 'list');
    expect((await worth(a, 'deathDate'))?.missing?.reason).toBe('conflict');
    expect((await follow(today)).disputed).toBe(1);
    expect((await now(id)).dispute).toBe('contradicted');
    expect(await code(as(zhao, (context) => decideDispute(context, { id, decision: 'keep', reason: '火化登记是同名的人' })))).toBe(
      'input.document',
    );
    const second = await keep(zhao, '%PDF-1.7 another');
    await as(zhao, (context) => decideDispute(context, { id, decision: 'keep', reason: '火化登记是同名的人', document: second }));
    expect((await worth(a, 'deathDate'))?.cells?.[0]?.v).toBeNull();
  });

  test('is settled, with its ticket, when the source puts itself right', async () => {
    for (const other of ['health-deaths', 'cremations']) await deliver(other, '身份证号,死亡日期\n', '2026-02-18', 'list');
    const id = await attest(a, 'deathDate', null);
    await deliver('people', people(`${a},张三,530128102,男,`, `${b},李四,530128102,女,`, `${c},王五,530103,女,`), '2026-02-19');
    expect(await follow(today)).toEqual({ expired: 0, agreed: 1, disputed: 0 });
    expect((await now(id)).state).toBe('agreed');
    expect((await worth(a, 'deathDate'))?.cells).toEqual([{ v: null, dataset: 'people', asOf: '2026-02-19' }]);
    expect((await record(a)).provenance.attested).toBeUndefined();
    const [ticket] = await listTickets(database.db, { scope: everything, limit: 10 });
    expect([ticket?.state, ticket?.outcome]).toEqual(['settled', 'corrected']);
  });

  test('ends with its last day', async () => {
    const id = await attest(a, 'deathDate', null, { expiresOn: day('2026-02-25') });
    expect((await follow(day('2026-02-25'))).expired).toBe(0);
    expect((await follow(day('2026-02-26'))).expired).toBe(1);
    expect((await now(id)).state).toBe('expired');
    expect((await worth(a, 'deathDate', day('2026-02-26')))?.cells?.[0]?.v).toBe('2026-01-31');
  });
});

describe('a silent source', () => {
  test('every shape of fact takes a value, read as an import reads it', async () => {
    await attest(b, 'gender', '男', { reason: '户口簿' });
    await attest(b, 'help', '低保、孤儿', { from: day('2026-01-01'), to: null });
    await attest(b, 'income', { 2025: '1,200.50' });
    await attest(b, 'children', [{ no: 'c1', birth: '2020-05-01' }]);
    expect((await worth(b, 'gender'))?.cells?.[0]?.v).toBe('男');
    expect((await worth(b, 'help'))?.cells?.[0]).toMatchObject({ v: ['低保', '孤儿'], from: '2026-01-01' });
    expect((await worth(b, 'income'))?.cells?.[0]?.v).toEqual({ 2025: '1200.5' });
    expect((await worth(b, 'children'))?.cells?.[0]?.v).toEqual([{ no: 'c1', birth: '2020-05-01' }]);
  });

  test('an account rests encrypted in the attestation as in the record, and is read all the same', async () => {
    const id = await attest(b, 'account', '6217000010001234567');
    expect((await worth(b, 'account'))?.cells?.[0]?.v).toBe('6217000010001234567');
    expect((await now(id)).value).toBe('6217000010001234567');
    const rows = await database.sql<{ text: string }[]>`
      select to_jsonb(a)::text as text from attestation a union all select cells::text from record_part where dataset = 'attested'`;
    expect(rows).toHaveLength(2);
    for (const { text } of rows) expect(text).not.toContain('6217000010001234567');
    expect(await database.sql`select * from assert_invariants()`).toEqual([]);
    await deliver('cards', `身份证号,账号,余额\n${b},6217000010001234567,\n`, '2026-02-19', 'changes');
    expect((await follow(today)).agreed).toBe(1);
  });

  test('what cannot be a value, a day or a document is refused before anything is written', async () => {
    const refused = async (...given: Parameters<typeof entry>) => {
      const wanted = await entry(...given);
      return code(as(wang, (context) => enterFact(context, wanted)));
    };
    expect(await refused(b, 'gender', '不详')).toBe('input.value');
    expect(await refused(b, 'deathDate', '2026-02-30')).toBe('input.value');
    expect(await refused(b, 'income', '1200')).toBe('input.value');
    expect(await refused(b, 'nothing', 'x')).toBe('missing.fact');
    expect(await refused(b, 'pension', 'true', { from: day('2026-01-01') })).toBe('input.value');
    expect(await refused(b, 'gender', '女')).toBe('state.same');
    expect(await refused(b, 'pension', '是', { document: 'f'.repeat(64) })).toBe('input.document');
    expect(await refused(b, 'pension', '是', { expiresOn: day('2028-01-01') })).toBe('input.value');
    expect(await refused(b, 'pension', '是', { reason: ' ' })).toBe('input.reason');
    expect(await code(keep(wang, 'MZ not a scan'))).toBe('input.document');
    const [left] = await database.sql<
      { n: number }[]
    >`select (select count(*) from attestation)::int + (select count(*) from ticket)::int as n`;
    expect(left?.n).toBe(0);
  });

  test('a second one about the same waits; what is refused or withdrawn counts for nothing and drops its ticket', async () => {
    const wanted = await entry(b, 'pension', '是');
    const { id } = await as(wang, (context) => enterFact(context, wanted));
    expect(await code(as(zhao, (context) => enterFact(context, wanted)))).toBe('conflict.attestation');
    await as(li, (context) => refuseAttestation(context, id, '材料看不清'));
    expect(await code(as(li, (context) => confirmAttestation(context, id)))).toBe('state.edge');
    const again = await attest(b, 'pension', '是');
    expect((await worth(b, 'pension'))?.cells?.[0]?.v).toBe(true);
    await as(zhao, (context) => withdrawAttestation(context, again, '材料是别人的'));
    expect(await worth(b, 'pension')).toBeUndefined();
    expect((await listTickets(database.db, { scope: everything, limit: 10 })).map((t) => t.outcome)).toEqual(['dropped', 'dropped']);
  });

  test('what was attested cannot be changed afterwards, even by the program', async () => {
    const id = await attest(b, 'pension', '是');
    await expect(database.sql`update attestation set value = 'false' where id = ${id}`).rejects.toThrow(/permission denied/);
    expect(await database.sql`select * from assert_invariants()`).toEqual([]);
    await database.sql`update record_part set cells = jsonb_set(cells, '{pension,0,v}', 'false') where dataset = 'attested'`;
    expect(await database.sql`select invariant from assert_invariants()`).toEqual([{ invariant: 14 }]);
    await expect(database.sql`delete from attestation where id = ${id}`).rejects.toThrow(/permission denied/);
    await expect(database.sql`update attested_document set media_type = '' where sha256 = ${scan}`).rejects.toThrow(/permission denied/);
  });
});

describe('a person in no register', () => {
  const new_ = { register: 'citizen', key: person(9), name: '周九', division: '530128102' };
  test('exists once two people have seen the document, takes attested facts, and is settled when the register lists him', async () => {
    const wanted = { ...new_, document: scan, documentTitle: '户口簿', reason: '漏登', expiresOn: day('2026-08-20') };
    const { id, subjectId } = await as(wang, (context) => enterSubject(context, wanted));
    expect(await store.recordByKey(database.db, 'citizen', person(9))).toBeNull();
    expect(await code(as(zhao, (context) => enterSubject(context, wanted)))).toBe('conflict.subject');
    expect(await code(as(wang, (context) => enterSubject(context, { ...wanted, key: '530128195001010001' })))).toBe('input.value');
    await as(li, (context) => confirmAttestation(context, id));
    expect((await record(person(9))).subjectId).toBe(subjectId);
    await attest(person(9), 'gender', '女');
    expect((await worth(person(9), 'gender'))?.cells?.[0]?.v).toBe('女');
    await deliver(
      'people',
      people(`${a},张三,530128102,男,2026-01-31`, `${b},李四,530128102,女,`, `${c},王五,530103,女,`, `${person(9)},周九,530128102,女,`),
      '2026-02-19',
    );
    expect((await follow(today)).agreed).toBe(2);
    expect((await record(person(9))).subjectId).toBe(subjectId);
    expect((await now(id)).state).toBe('agreed');
  });
});

describe('who may not', () => {
  test('another role, another division, oneself, relatives by word or by register, and where so set one’s own division', async () => {
    const wanted = await entry(b, 'pension', '是');
    const enter = (actor: Attester) => code(as(actor, (context) => enterFact(context, wanted)));
    expect(await enter({ ...wang, roles: ['officer'] })).toBe('scope.role');
    expect(await enter(reviewer('far', ['530103']))).toBe('missing.subject');
    const by = { id: 'admin', role: 'admin' };
    const tie = (userId: string, kind: 'self' | 'relative' | 'home', target: string) =>
      transaction(database.db, (tx) => declareTie(tx, { userId, kind, target }, true, by, at));
    await tie('self', 'self', await idOf(b));
    await tie('cousin', 'relative', await idOf(b));
    await deliver('marriages', `身份证号,配偶,生效日期,失效日期\n${b},${c},2010-01-01,\n`, '2026-02-10');
    await tie('husband', 'self', await idOf(c));
    for (const id of ['self', 'cousin', 'husband']) expect(await enter(reviewer(id))).toBe('scope.tie');
    await tie('neighbour', 'home', '530128102');
    await transaction(database.db, (tx) => setAttestRules(tx, { notOwnDivision: true }, by, at));
    expect(await enter(reviewer('neighbour'))).toBe('scope.tie');
    const { id } = await as(wang, (context) => enterFact(context, wanted));
    expect(await code(as(reviewer('cousin'), (context) => confirmAttestation(context, id)))).toBe('scope.tie');
    await as(li, (context) => confirmAttestation(context, id));
  });
});

describe('tickets and the anomaly report', () => {
  test('a ticket is answered in the department’s name and settled by those who asked; nothing leaves settled', async () => {
    await attest(b, 'pension', '是');
    const [open] = await listTickets(database.db, { scope: everything, limit: 10 });
    const id = open?.id ?? '';
    const move = <T>(work: (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => Promise<T>) => transaction(database.db, work);
    const desk = { id: 'steward', role: 'steward' };
    await move((tx) => answerTicket(tx, { id, scope: everything, answer: '已补录，下期报送' }, desk, at));
    await move((tx) => settleTicket(tx, { id, scope: everything, outcome: 'corrected' }, desk, at));
    expect(await code(move((tx) => answerTicket(tx, { id, scope: everything, answer: '再说' }, desk, at)))).toBe('state.edge');
    expect(await ticketsByDepartment(database.db)).toMatchObject([{ department: '测试局', open: 0, answered: 0, settled: 1 }]);
    expect(await listTickets(database.db, { scope: { ...everything, divisions: ['530103'] }, limit: 10 })).toEqual([]);
  });

  test('counts what each officer did and says what stands out', async () => {
    for (const key of [a, b, c]) await attest(key, 'pension', '是');
    for (const key of [b, c]) await attest(key, 'income', { 2025: '1' });
    const counts = await officerCounts(database.db, { from: today, to: today, scope: everything });
    expect(counts.map((one) => [one.officer, one.entered, one.confirmed, one.partner, one.partnerCount])).toEqual([
      ['wang', 5, 0, 'li', 5],
      ['li', 0, 5, null, 0],
    ]);
    expect(anomalies(counts)[0]?.flags).toEqual(['九成以上由同一人复核']);
    expect(await officerCounts(database.db, { from: day('2026-01-01'), to: day('2026-01-31'), scope: everything })).toEqual([]);
  });
});

test('the table of states reaches every state from `entered` and never goes on from an end', () => {
  const reached = new Set<string>(['entered']);
  for (const state of attestStates) if (reached.has(state)) for (const next of attestEdges[state]) reached.add(next);
  expect([...reached].sort()).toEqual([...attestStates].sort());
});
