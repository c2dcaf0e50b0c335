// The commands there are, in the order the overview shows them. Each is loaded when it is called: the product behind `start` takes seconds to load,
// and nobody should wait for it to see a rule checked.
import type { Command } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  /** One Chinese line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: '启动：数据库、示例城市（第一次）、网页、定时任务',
    load: async () => (await import('./start.ts')).startCommand,
  },
  {
    name: 'build',
    summary: '构建工作台界面（浏览器里的文件）；start 会自己做',
    load: async () => (await import('./build.ts')).buildCommand,
  },
  {
    name: 'demo',
    summary: '在临时数据库里把整件事做一遍（示例城市），不开网页',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'shots',
    summary: '把网页逐页画成图，指出看得出的毛病（需要 Chromium）',
    load: async () => (await import('./shots.ts')).shotsCommand,
  },
  { name: 'rules', summary: '检查规则文件、跑样例、读成中文、匡算', load: async () => (await import('./rules.ts')).rulesCommand },
  { name: 'feel', summary: '算一个公式，或跑一份一致性用例', load: async () => (await import('./feel.ts')).feelCommand },
  {
    name: 'publish',
    summary: '把指标目录和规则文件发布到库里（经办、复核两人）',
    load: async () => (await import('./publish.ts')).publishCommand,
  },
  {
    name: 'import',
    summary: '导入部门报送的一份文件（CSV、XLSX），并给出逐行的核对报告',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'deliveries',
    summary: '报送来的交付；等人核对的看差异，放行或否决',
    load: async () => (await import('./deliveries.ts')).deliveriesCommand,
  },
  { name: 'tokens', summary: '部门程序用的交付令牌：建立、查看、吊销', load: async () => (await import('./tokens.ts')).tokensCommand },
  {
    name: 'sources',
    summary: '部门数据库里的视图：登记、按水位读取、认下新的列',
    load: async () => (await import('./sources.ts')).sourcesCommand,
  },
  {
    name: 'facts',
    summary: '一个对象在某一天的情况，按某一天所知：值、来源、数据日期、何时到达',
    load: async () => (await import('./facts.ts')).factsCommand,
  },
  { name: 'seal', summary: '把当前数据封存为快照，匹配以快照为准', load: async () => (await import('./seal.ts')).sealCommand },
  { name: 'run', summary: '按最新快照匹配，再结算、预填、推进、告知', load: async () => (await import('./run.ts')).runCommand },
  {
    name: 'brake',
    summary: '与上次相比变化过大而停下的事项：查看、放行、设定多大算大',
    load: async () => (await import('./brake.ts')).brakeCommand,
  },
  {
    name: 'snapshots',
    summary: '数据快照留着哪些、为什么、多久；清除到期的，为审计保留',
    load: async () => (await import('./snapshots.ts')).snapshotsCommand,
  },
  {
    name: 'quality',
    summary: '数据质量：迟报和在等的人、缺失、过期、矛盾、超范围、一人多号、变化',
    load: async () => (await import('./quality.ts')).qualityCommand,
  },
  {
    name: 'watch',
    summary: '待拨（人数、金额、天数）、预算预警（提前三个月）、集中的支付',
    load: async () => (await import('./watch.ts')).watchCommand,
  },
  {
    name: 'ready',
    summary: '各事项能不能办：可以办理、等哪些数据、本期未触发；就迟到的核验数据作决定',
    load: async () => (await import('./ready.ts')).readyCommand,
  },
  { name: 'why', summary: '一个对象在一个事项里为什么符合、不符合或待核', load: async () => (await import('./why.ts')).whyCommand },
  {
    name: 'compare',
    summary: '上线前体检：现行发放名单与规则判定逐人比对，按村汇总',
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  {
    name: 'go-live',
    summary: '上线：试运行、认可比对、从某一期起接续发放；导入历史发放',
    load: async () => (await import('./go-live.ts')).goLiveCommand,
  },
  {
    name: 'person',
    summary: '一个人能问到的：谁查阅过、存了什么、删除请求',
    load: async () => (await import('./person.ts')).personCommand,
  },
  {
    name: 'keys',
    summary: '加密密钥：各把还有多少数据在用，加新的，换过去，停用旧的',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  { name: 'replay', summary: '凭留存的依据把匹配结果重判一遍，看是否一致', load: async () => (await import('./replay.ts')).replayCommand },
  { name: 'check', summary: '核对审计链和各条承诺，有一处不对就报错', load: async () => (await import('./check.ts')).checkCommand },
  {
    name: 'reconcile',
    summary: '对账：匹配、结算、封批、报盘、银行、记账逐级核对；关账',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  {
    name: 'close-year',
    summary: '限额的年终结转或收回',
    load: async () => (await import('./close-year.ts')).closeYearCommand,
  },
  {
    name: 'report',
    summary: '报表：额度进度、账龄、应享未享、超期、退汇、多付、成效、局长一页纸',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    name: 'workpaper',
    summary: '审计底稿：一笔支付一页，可打印',
    load: async () => (await import('./workpaper.ts')).workpaperCommand,
  },
  {
    name: 'audit',
    summary: '审计留痕：核对、导出，导出的文件离线也能核对',
    load: async () => (await import('./audit.ts')).auditCommand,
  },
  {
    name: 'backup',
    summary: '整个数据库备份成一个加密的文件，不停机',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    summary: '从备份恢复到空库；核对银行已收到的之后才外发',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  {
    name: 'payee',
    summary: '发到哪个账户、为什么；户名、共用、验证',
    load: async () => (await import('./payee.ts')).payeeCommand,
  },
  {
    name: 'names',
    summary: '按名称报送的名单：没有对上的行，认定一次',
    load: async () => (await import('./names.ts')).namesCommand,
  },
  {
    name: 'attest',
    summary: '人工核定：来源错了或没有时凭材料两人核定；校核纠错单',
    load: async () => (await import('./attest.ts')).attestCommand,
  },
  {
    name: 'disbursement',
    summary: '兑付记录：审核、补充、申请、暂缓、异议、公示',
    load: async () => (await import('./disbursement.ts')).disbursementCommand,
  },
  {
    name: 'desk',
    summary: '成批办理：待办导出成表格，逐条写意见和理由，再导回',
    load: async () => (await import('./desk.ts')).deskCommand,
  },
  { name: 'funding', summary: '资金来源：登记、余额、停用', load: async () => (await import('./funding.ts')).fundingCommand },
  {
    name: 'payment-calendar',
    summary: '拨付日历：拨付日、停办期',
    load: async () => (await import('./payment-calendar.ts')).paymentCalendarCommand,
  },
  { name: 'batch', summary: '拨付批次：封批、复核、签发、报盘文件', load: async () => (await import('./batch.ts')).batchCommand },
  { name: 'result', summary: '回盘：导入银行的结果，可先试读', load: async () => (await import('./results.ts')).resultCommand },
  { name: 'suspense', summary: '挂账：对不上的回音', load: async () => (await import('./results.ts')).suspenseCommand },
  { name: 'reissue', summary: '退汇：原因、更正、重发', load: async () => (await import('./results.ts')).reissueCommand },
  {
    name: 'notices',
    summary: '告知：待送达的信和电话单、销号、查验、文本、单位、多快送出',
    load: async () => (await import('./notices.ts')).noticesCommand,
  },
  { name: 'late', summary: '超过期限的事，在谁手里', load: async () => (await import('./late.ts')).lateCommand },
  {
    name: 'choices',
    summary: '同类政策只享受一项的：等谁选、有哪几项；登记本人的选择、改选',
    load: async () => (await import('./choices.ts')).choicesCommand,
  },
  {
    name: 'certify',
    summary: '资格认证：入户核查名单、登记核查、读入名单、逾期暂停和补发',
    load: async () => (await import('./certify.ts')).certifyCommand,
  },
  { name: 'stop', summary: '停发：决定、第二人确认、恢复', load: async () => (await import('./stop.ts')).stopCommand },
  { name: 'heir', summary: '去世当月应发的：登记、确认继承人或照料人', load: async () => (await import('./stop.ts')).heirCommand },
  { name: 'recovery', summary: '追回：立案、分期、收款、核销', load: async () => (await import('./recovery.ts')).recoveryCommand },
  { name: 'accounts', summary: '工作人员账号：列出、新建、重置、停用', load: async () => (await import('./accounts.ts')).accountsCommand },
  { name: 'bench', summary: '测一测判定有多快，并与别的引擎比', load: async () => (await import('./bench.ts')).benchCommand },
];
