// Names as an enemy would have them, from the record to every place where somebody reads them: pages, answers, mails and their headers, letters, call sheets, tables,
// the names of files. Everywhere they are text and nothing more. Numbers, days and code are ours.
import { beforeAll, describe, expect, it } from 'vitest';
import { fileNameOf, hasInvisible } from '../../src/base/invisible.ts';
import { loadCatalogue } from '../../src/catalogue/load.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { openMail } from '../../src/notice/mail.ts';
import { send } from '../../src/notice/send.ts';
import { tell } from '../../src/notice/tell.ts';
import { formats } from '../../src/payment/format.ts';
import { settle } from '../../src/settlement/settle.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { sampleKey } from '../../src/today.ts';
import { attachment } from '../../src/web/attachment.ts';
import { testDatabase } from '../database.ts';
import { startSmtp, textOf } from '../notice/smtp.ts';
import { paying, person, publishable } from '../payment/ground.ts';
import { at, idOf, publish, runWith, settlePeople, stepsOn, today } from '../settlement/ground.ts';
import { comeInAs } from '../visitor/arrive.ts';
import { type Browser, csrfIn, signedIn, type TestApp, testApp } from './app.ts';

const names: Readonly<Record<string, string>> = {
  markup: '<img src=x onerror=alert(1)>"&\'</title>',
  turned: '王\u202e一\u2066二\u2069三\u061c四\u200f',
  thin: '李\u200b\u200c\u200d\ufeff\u2060五',
  header: '赵六\r\nBcc: evil@evil.example\r\n\r\n<b>正文</b>\u2028\u0085\u0007',
  formula: '=HYPERLINK("https://evil.example","点我")',
  plus: '+86',
  minus: '-1+1',
  mention: '@SUM(A1)',
  tab: '\t=1+1',
  blank: ' =1+1',
  folder: '../../etc/passwd',
  long: '长'.repeat(4000),
};
const keys = Object.keys(names);
const letterOf = (key: string): string => `${key}-letter`;

/** What must stand nowhere, line ends and the tabs of our own pages aside. */
const tricks = (text: string): readonly string[] => [
  ...new Set([...text].filter((c) => !/[\n\r\t]/.test(c) && hasInvisible(c)).concat(text.match(/<img|<b>/g) ?? [])),
];

const database = testDatabase();
let test: TestApp;
let staff: Browser;
const mails: { readonly to: string; readonly head: string; readonly text: string; readonly lines: readonly string[] }[] = [];

beforeAll(async () => {
  test = testApp(database);
  test.clock = at;
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, at);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at });
  const people = Object.entries(names).flatMap(([key, name], i) => [
    [key, { ...person('户', i), name, accountName: name, email: `${key}@example.org` }],
    [letterOf(key), { ...person('户', 50 + i), name, accountName: name }],
  ]);
  await settlePeople(database, Object.fromEntries(people));
  const flow = { first: ['guard', 'notice', 'confirm', 'review', 'pay'], continuing: ['guard', 'pay'] } as const;
  await publish(database, [paying('a', { flow, mode: 'confirm', confirm: { days: 7 } } as never)]);
  const { hash: catalogueHash } = await loadCatalogue(database.db);
  const leaf = { k: 'leaf', t: true, at: '/conditions/all/0', f: 'deathDate', op: 'absent', r: true, a: null };
  const period = { key: '2026-10', end: '2026-10-31', knownAt: '2026-11-09' };
  const evidence = { trace: { k: 'all', t: true, at: '/conditions', c: [leaf] }, catalogueHash, missing: [], period };
  await runWith(
    database,
    people.map(([subject]) => ({ item: 'a', subject: subject as string, yuan: 100, evidence })),
  );
  const steps = stepsOn();
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  await tell(database.db, steps.tell);
  await advance(database.db, steps.advance);
  const smtp = await startSmtp();
  const channel = openMail({ url: smtp.url, from: '测试县民政局 <notice@test.example>' });
  await send(database.db, { lanes: { mail: { channel } }, clock: () => at });
  channel.close();
  await smtp.close();
  for (const one of smtp.received) {
    const head = one.text.slice(0, one.text.indexOf('\r\n\r\n'));
    mails.push({ to: one.to, head, text: textOf(one), lines: textOf(one).split('\n') });
  }
  staff = await signedIn(test, database, 'reviewer.one', ['reviewer', 'steward']);
});

describe('a hostile name', () => {
  it('is text on the pages of the person and of staff, and in answers', async () => {
    const found: string[] = [];
    const look = async (who: Browser, path: string): Promise<string> => {
      const response = path.startsWith('/api') ? await who.getJson(path) : await who.get(path);
      const body = await response.text();
      if (response.status !== 200) found.push(`${path} ${response.status}`);
      // In JSON a less-than sign is nothing.
      for (const trick of tricks(path.startsWith('/api') ? body.replaceAll('<', '') : body)) found.push(`${path} ${JSON.stringify(trick)}`);
      return body;
    };
    const records = await database.sql<{ id: string; subjectId: string; noticeId: string }[]>`
      select d.id, d.subject_id as "subjectId", n.id as "noticeId" from disbursement d join notice n on n.match_id = d.match_id`;
    expect(records).toHaveLength(2 * keys.length);
    for (const key of keys) {
      const record = records.find((one) => one.subjectId === idOf(key)) ?? expect.fail(key);
      const own = await comeInAs(database, test, idOf(key));
      const at = `/my/benefits/${record.id}`;
      for (const path of ['/my', '/my/notices', `/my/notices/${record.noticeId}`, at, `${at}/confirm`, `${at}/why`, `${at}/account`])
        await look(own, path);
      await look(staff, `/staff/notices/${record.noticeId}`);
      await look(staff, `/staff/disbursements/${record.id}`);
      await look(staff, `/api/disbursements/${record.id}`);
      await look(staff, `/api/notices/${record.noticeId}`);
    }
    for (const path of [
      '/staff/disbursements',
      '/staff/notices',
      '/staff/matches',
      '/api/disbursements',
      '/api/notices',
      '/api/desk/rows?queue=reviews',
    ])
      await look(staff, path);
    expect(found).toEqual([]);
  });

  it('stays inside its line of a mail and writes no header', () => {
    expect(mails.map(({ to }) => to.split('@')[0]).sort()).toEqual([...keys].sort());
    const headersOf = (head: string): readonly string[] => [...head.matchAll(/^([A-Za-z-]+):/gm)].map(([, name]) => name ?? '');
    const usual = headersOf(mails[0]?.head ?? '');
    expect(usual).toEqual(expect.arrayContaining(['From', 'To', 'Subject', 'Message-ID']));
    const lines = mails[0]?.lines.length;
    for (const { to, head, text, lines: own } of mails) {
      expect([to, headersOf(head)]).toEqual([to, usual]);
      expect([to, own.length]).toEqual([to, lines]);
      expect([to, tricks(text.replaceAll('<', ''))]).toEqual([to, []]);
      expect(text.length).toBeLessThan(2000);
    }
  });

  it('is text in printed letters, whose codes are our own', async () => {
    const page = await (await staff.get('/api/notice-letters')).text();
    expect(tricks(page)).toEqual([]);
    expect(page.match(/<section>/g)).toHaveLength(keys.length);
    expect(page).toContain('&lt;img src=x');
    const codes = [...page.matchAll(/<span class="code">([^<]*)/g)].map(([, code]) => code);
    expect(new Set(codes).size).toBe(keys.length);
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2}$/);
  });
});

const tableOf = async (response: Response): Promise<readonly (readonly string[])[]> => {
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  const [table] = await openBook(bytesContent(bytes));
  const rows: string[][] = [];
  for await (const batch of table?.rows() ?? []) for (const { cells } of batch) rows.push([...cells]);
  return rows;
};

describe('a table that is handed out', () => {
  it('holds no formula and no trick, whatever the names', async () => {
    const calls = await staff.getJson('/api/notice-calls');
    expect(calls.headers.get('content-disposition')).toBe('attachment; filename="calls.xlsx"');
    const rows = await tableOf(calls);
    expect(rows).toHaveLength(keys.length + 1);
    expect(tricks(JSON.stringify(rows).replaceAll('<', ''))).toEqual([]);
    // One person confirms, so that the queue of reviews holds every name.
    for (const key of keys) {
      const own = await comeInAs(database, test, idOf(key));
      const [row] = await database.sql<{ id: string }[]>`select id from disbursement where subject_id = ${idOf(key)}`;
      const path = `/my/benefits/${row?.id}/confirm`;
      expect((await own.post(path, { csrf: csrfIn(await (await own.get(path)).text()) })).status).toBe(303);
    }
    for (const format of ['xlsx', 'csv']) {
      const file = await staff.getJson(`/api/desk/file?queue=reviews&format=${format}`);
      expect(file.headers.get('content-disposition')).toBe(`attachment; filename="reviews.${format}"`);
      const queue = await tableOf(file);
      expect([format, queue.length]).toEqual([format, keys.length + 1]);
      expect([format, tricks(JSON.stringify(queue).replaceAll('<', ''))]).toEqual([format, []]);
      // A spreadsheet keeps what is text apart from what it runs; a CSV has only its first character.
      if (format === 'csv') expect(queue.flat().filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
    }
  });

  it('goes to no bank with a name nobody can see whole: the line says why', () => {
    const order = { endToEndId: `ZX${'0'.repeat(30)}1`, account: '6222020000001234', bank: '云溪农商银行', bankCode: '313651027012' };
    for (const format of formats.values()) {
      const check = (payeeName = '') => format.check({ ...order, payeeName, statementText: '津贴', amountFen: 100n }).join('；');
      expect([format.id, check('王一')]).toEqual([format.id, '']);
      for (const key of ['turned', 'thin', 'header'])
        expect([format.id, check(names[key])]).toEqual([format.id, expect.stringContaining('看不见的字符')]);
      // Where a clerk may open the file in a spreadsheet.
      if (!format.id.startsWith('pain')) expect([format.id, check('=1+1')]).toEqual([format.id, expect.stringContaining('公式')]);
    }
  });
});

describe('the name of a file', () => {
  const given = [
    '报表\u202egnp.exe',
    '../../etc/passwd',
    'C:\\Temp\\a.csv',
    'a"; filename="b.exe',
    'x\r\nSet-Cookie: y=1',
    '..',
    '',
    `${'长'.repeat(500)}.csv`,
    '\u200b\ufeff.csv',
  ];

  it('is one plain name in one header', () => {
    for (const name of given) {
      const header = attachment(name);
      expect([name, new Headers({ 'content-disposition': header }).get('content-disposition')]).toEqual([name, header]);
      expect([name, header]).toEqual([name, expect.stringMatching(/^attachment; filename="[\w.-]+"(?:; filename\*=UTF-8''[\w.%~!-]+)?$/)]);
      const whole = decodeURIComponent(/UTF-8''(.*)$/.exec(header)?.[1] ?? '');
      expect([name, hasInvisible(whole), /[/\\"]/.test(whole), [...whole].length <= 120]).toEqual([name, false, false, true]);
    }
    expect(given.map(fileNameOf).slice(0, 4)).toEqual(['报表□gnp.exe', 'passwd', 'a.csv', 'a_; filename=_b.exe']);
    expect(fileNameOf(`${'长'.repeat(500)}.csv`)).toMatch(/^长{115}….csv$/);
  });
});
