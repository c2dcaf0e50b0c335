// `attest`: 人工核定 and 校核纠错 at the machine, in the name of a member of staff. Who does what is checked as on the web; each act leaves its audit row.
import { open } from 'node:fs/promises';
import { anomalies } from '../attest/anomaly.ts';
import { officerCounts } from '../attest/anomaly-store.ts';
import { type Attestation, type Attester, type AttestState, attestStateNames, attestStates } from '../attest/attest.ts';
import { confirmAttestation, decideDispute, refuseAttestation, withdrawAttestation } from '../attest/decide.ts';
import { type AttestContext, enterFact, enterSubject, storeDocument } from '../attest/enter.ts';
import { followAttestations } from '../attest/follow.ts';
import { listAttestations } from '../attest/store.ts';
import type { TypedValue } from '../attest/value.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { civilDay, todayFor } from '../today.ts';
import { act, attestationRow, factLabel } from '../web/attest.ts';
import { staffAccounts } from '../web/store.ts';
import { actorNamed, needed, subjectNamed } from './attest-actor.ts';
import { ticketVerbs } from './attest-tickets.ts';
import { tieVerbs } from './attest-ties.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { dayOption, isUuid, type Opened, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';

const dayNeeded = (context: CommandContext, name: string, what: string): Day =>
  dayOption(context, name) ?? fail('input.option', `--${name}`, `没有写${what}。`, `例如 --${name} 2026-10-15`);

const maxScan = 20_000_000;

const scanOption = async (context: CommandContext, { db }: Opened, actor: Attester): Promise<string> => {
  const path = fromCaller(needed(context, 'scan', '扫描件'), context.env);
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return fail('input.file', '--scan', '读不到扫描件。', '请检查路径和权限。');
  try {
    if ((await handle.stat()).size > maxScan) fail('input.document', '--scan', '扫描件太大。', '最大 20 MB；请降低分辨率后重新扫描。');
    return await storeDocument(db, actor, await handle.readFile(), context.now());
  } finally {
    await handle.close();
  }
};

const valueOption = (context: CommandContext): TypedValue => {
  const text = textOption(context, 'value');
  if (context.options.none === true)
    return text === null ? null : fail('input.option', '--none', '--none 和 --value 只能写一个。', '所见为“无”写 --none。');
  if (text === null) return fail('input.option', '--value', '没有写核定的值。', '写 --value <值>；所见为“无”写 --none。');
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as TypedValue;
  } catch {
    return fail('input.option', '--value', '清单或分期的值要写成 JSON。', '例如 --value \'{"2025": "120"}\'。');
  }
};

const run = async (
  context: CommandContext,
  opened: Opened,
  actor: Attester,
  work: (attesting: AttestContext) => Promise<Attestation>,
  done: string,
) => {
  const catalogue = await loadCatalogue(opened.db);
  const one = await act({ db: opened.db, catalogue, actor, at: context.now() }, work);
  context.out.say(
    `${done}\n  核定  ${one.id}\n  指标  ${factLabel(catalogue, one.register, one.fact)}\n  状态  ${attestStateNames[one.state]}，有效期至 ${one.expiresOn}`,
  );
  if (context.out.asJson) context.out.json(attestationRow(one, catalogue, []));
  return 0;
};

const seen = async (context: CommandContext, opened: Opened, actor: Attester) => {
  const asOf = dayOption(context, 'as-of');
  return {
    documentTitle: needed(context, 'title', '所见材料的名称'),
    reason: needed(context, 'reason', '理由'),
    expiresOn: dayNeeded(context, 'until', '有效期'),
    ...(asOf === null ? {} : { asOf }),
    // Last: nothing is kept for an entry that says too little.
    document: await scanOption(context, opened, actor),
  };
};

const enter = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [, named = '', fact = ''] = context.args;
  const actor = await actorNamed(context, opened.db);
  const { register, subjectId } = await subjectNamed(opened.db, named);
  const value = valueOption(context);
  const entry = {
    register,
    subjectId,
    fact,
    value,
    from: dayOption(context, 'from'),
    to: dayOption(context, 'to'),
    ...(await seen(context, opened, actor)),
  };
  return run(
    context,
    opened,
    actor,
    (attesting) => enterFact(attesting, entry),
    '已录入，等另一位同事看过材料后复核；已向来源部门发出校核单。',
  );
};

const subject = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [, register = 'citizen'] = context.args;
  const actor = await actorNamed(context, opened.db);
  const who = {
    register,
    key: needed(context, 'key', '号码'),
    name: needed(context, 'name', '姓名'),
    division: needed(context, 'division', '区划代码'),
  };
  const entry = { ...who, ...(await seen(context, opened, actor)) };
  return run(
    context,
    opened,
    actor,
    (attesting) => enterSubject(attesting, entry),
    '已录入，等另一位同事看过材料后复核；已向来源部门发出校核单。',
  );
};

const idOf = (context: CommandContext): string => {
  const id = context.args[1] ?? '';
  return isUuid(id) ? id.toLowerCase() : fail('input.argument', '', '没有写核定编号。', '编号见 attest list。');
};

const confirm = async (context: CommandContext, opened: Opened): Promise<number> =>
  run(
    context,
    opened,
    await actorNamed(context, opened.db),
    (attesting) => confirmAttestation(attesting, idOf(context)),
    '已复核，从现在起有效；下一次封存时进入快照。',
  );

const refuse = async (context: CommandContext, opened: Opened): Promise<number> =>
  run(
    context,
    opened,
    await actorNamed(context, opened.db),
    (a) => refuseAttestation(a, idOf(context), needed(context, 'reason', '理由')),
    '已退回。',
  );

const withdraw = async (context: CommandContext, opened: Opened): Promise<number> =>
  run(
    context,
    opened,
    await actorNamed(context, opened.db),
    (a) => withdrawAttestation(a, idOf(context), needed(context, 'reason', '理由')),
    '已撤回，来源的数据重新有效。',
  );

const decide = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await actorNamed(context, opened.db);
  const decision = context.args[2];
  if (decision !== 'keep' && decision !== 'source')
    return fail('input.argument', '', '没有写怎么裁定。', 'keep（维持核定到有效期）或 source（以来源为准）。');
  const document = context.options.scan === undefined ? undefined : await scanOption(context, opened, actor);
  const ask = { id: idOf(context), decision, reason: needed(context, 'reason', '理由'), document } as const;
  return run(context, opened, actor, (a) => decideDispute(a, ask), decision === 'keep' ? '已裁定维持。' : '已裁定以来源为准。');
};

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const state = textOption(context, 'state');
  if (state !== null && !attestStates.includes(state as AttestState))
    return fail(
      'input.option',
      '--state',
      '没有这个状态。',
      `可选 ${attestStates.map((s) => `${s}（${attestStateNames[s]}）`).join('、')}。`,
    );
  const catalogue = await loadCatalogue(db);
  const wanted = { scope: everything, limit: 200, disputed: context.options.disputed === true };
  const rows = await listAttestations(db, { ...wanted, ...(state === null ? {} : { state: state as AttestState }) });
  const disputes = { repeated: '来源重报原值', contradicted: '来源报来新值' } as const;
  const cells = rows.map((one) => [
    one.id,
    factLabel(catalogue, one.register, one.fact),
    attestStateNames[one.state],
    one.dispute === null ? '' : disputes[one.dispute],
    one.expiresOn,
    one.documentTitle,
  ]);
  context.out.say(rows.length === 0 ? '没有人工核定。' : textTable(['核定', '指标', '状态', '待裁定', '有效期至', '材料'], cells, []));
  if (context.out.asJson) context.out.json({ attestations: rows.map((one) => attestationRow(one, catalogue, [])) });
  return 0;
};

const follow = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const catalogue = await loadCatalogue(db);
  const report = await followAttestations(db, { catalogue, today: await todayFor(db, context.now()), at: context.now() });
  context.out.say(`来源已一致 ${report.agreed}，待裁定 ${report.disputed}，到期 ${report.expired}。`);
  if (context.out.asJson) context.out.json(report);
  return 0;
};

const officers = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const to = dayOption(context, 'to') ?? civilDay(context.now());
  const from = dayOption(context, 'from') ?? (`${to.slice(0, 7)}-01` as Day);
  const names = new Map((await staffAccounts(db)).map((one) => [one.userId, one.username]));
  const rows = anomalies(await officerCounts(db, { from, to, scope: everything })).map((one) => ({
    ...one,
    officer: names.get(one.officer) ?? one.officer,
    partner: one.partner === null ? null : (names.get(one.partner) ?? one.partner),
  }));
  const header = ['人员', '录入', '复核', '退回', '被否', '待裁定', '死亡', '库外', '提示'];
  const cells = rows.map((r) => [
    r.officer,
    ...[r.entered, r.confirmed, r.refused, r.overruled, r.disputed, r.deaths, r.subjects].map(String),
    r.flags.join('；'),
  ]);
  context.out.say(rows.length === 0 ? `${from} 至 ${to} 没有人工核定。` : textTable(header, cells, [1, 2, 3, 4, 5, 6, 7]));
  if (context.out.asJson) context.out.json({ from, to, officers: rows });
  return 0;
};

const verbs = { list, enter, subject, confirm, refuse, withdraw, decide, follow, officers, ...ticketVerbs, ...tieVerbs };

export const attestCommand: Command = {
  name: 'attest',
  usage: [
    '[list] [--state entered|standing|…] [--disputed] [--json]',
    'enter <对象> <指标> --value <值>|--none [--from 日期] [--to 日期] --scan <扫描件> --title <材料名称> --reason <理由> --until <有效期> --by <用户名>',
    '    值按指标的类型写：日期 2026-01-31，是/否，多选 低保、孤儿；清单和分期写 JSON：\'[{"no": "c1"}]\'、\'{"2025": "120"}\'。--none：所见为“无”（例如未死亡）',
    'subject citizen|enterprise --key <号码> --name <姓名> --division <区划> --scan … --title … --reason … --until … --by <用户名>   库外对象',
    'confirm <核定> --by <另一人>      refuse <核定> --reason <理由> --by <另一人>      withdraw <核定> --reason <理由> --by <用户名>',
    'decide <核定> keep|source --reason <理由> [--scan <针对新说法的材料>] --by <用户名>   来源再次报送且不一致时',
    'follow                            核对来源后来报了什么（封存前自动做）',
    'officers [--from 日期] [--to 日期]   每人核定多少、谁复核、被否多少',
    'tickets [--department 部门] [--state open|answered|settled] [--export 校核单.xlsx]',
    'answer <校核单> --answer <答复> --by <用户名>      settle <校核单> corrected|kept|dropped --by <用户名>',
    'tie <用户名> --self <对象> | --relative <对象> | --home <区划> [--remove]   本人、亲属、居住地：不得由其核定',
    'rules [--own-division allow|refuse]   是否不许核定本人居住区划的对象',
  ],
  options: Object.fromEntries(
    [
      'state',
      'value',
      'from',
      'to',
      'scan',
      'title',
      'reason',
      'until',
      'as-of',
      'by',
      'key',
      'name',
      'division',
      'department',
      'export',
      'answer',
      'self',
      'relative',
      'home',
      'own-division',
    ]
      .map((name): [string, { type: 'string' | 'boolean' }] => [name, { type: 'string' }])
      .concat(['none', 'disputed', 'remove'].map((name) => [name, { type: 'boolean' }])),
  ),
  run: async (context) => {
    const [verb = 'list'] = context.args;
    if (!Object.hasOwn(verbs, verb))
      return fail('input.argument', '', `不认识“attest ${verb.slice(0, 40)}”。`, `可用：${Object.keys(verbs).join('、')}。`);
    return withProduct(context, (opened) => verbs[verb as keyof typeof verbs](context, opened));
  },
};
