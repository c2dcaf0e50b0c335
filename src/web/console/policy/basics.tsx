// What surrounds the conditions: title and authority, the document it rests on, from when it holds, how often and how it is paid, the steps, limits, budget.
import { Checkbox, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { below, drop, get, isJson, put, set } from './document.ts';
import { FindingLines, useFindings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { CodeInput, DayInput, FigureInput } from './value.tsx';

interface Given {
  readonly keep: Keep;
}

export const modes = {
  auto: '免申即享：直接兑现',
  confirm: '即申即享：一键确认后兑现',
  apply: '限时兑现：预填表单，提交后审核',
  push: '精准推送：只告知，不兑现',
} as const;
export const periods = { monthly: '按月', quarterly: '按季', yearly: '按年', once: '一次性', 'per-event': '每发生一次办一次' } as const;
const steps = {
  guard: '核验名单与状态',
  apply: '提交申请',
  ask: '补充信息',
  review: '部门审核',
  notice: '告知',
  confirm: '本人确认',
  publicity: '公示',
  pay: '拨付',
} as const;

const optionsOf = (table: Readonly<Record<string, string>>) => Object.entries(table).map(([value, label]) => ({ value, label }));

const Row = ({ label, at, children }: { readonly label: string; readonly at: string; readonly children: ReactNode }) => (
  <div className="form-row">
    <span className="form-label">{label}</span>
    <div>
      {children}
      <FindingLines rows={useFindings(at)} />
    </div>
  </div>
);

const Text = ({
  keep,
  at,
  label,
  hint,
  nullable,
}: Given & { readonly at: string; readonly label: string; readonly hint?: string; readonly nullable?: boolean }) => (
  <Row label={label} at={at}>
    <Input
      aria-label={label}
      placeholder={hint}
      value={String(get(keep.item, at) ?? '')}
      onChange={(event) =>
        keep.change((item) => put(item, at, event.target.value === '' && nullable === true ? null : event.target.value), at)
      }
    />
  </Row>
);

const Choice = ({
  keep,
  at,
  label,
  table,
}: Given & { readonly at: string; readonly label: string; readonly table: Readonly<Record<string, string>> }) => {
  const value = get(keep.item, at);
  return (
    <Row label={label} at={at}>
      {typeof value === 'object' && value !== null ? (
        <span className="hint">依条件而定，在「JSON」里改</span>
      ) : (
        <Select
          aria-label={label}
          style={{ width: 280 }}
          value={typeof value === 'string' ? value : null}
          onChange={(next: string) => keep.change((item) => put(item, at, next))}
          options={optionsOf(table)}
        />
      )}
    </Row>
  );
};

const Steps = ({ keep, kind, label }: Given & { readonly kind: string; readonly label: string }) => {
  const at = below('/flow', kind);
  const value = get(keep.item, at);
  return (
    <Row label={label} at={at}>
      <Select
        aria-label={label}
        mode="multiple"
        style={{ width: '100%' }}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={(next: string[]) => {
          const order = Object.keys(steps);
          keep.change((item) =>
            put(
              item,
              at,
              next.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
            ),
          );
        }}
        options={optionsOf(steps)}
      />
    </Row>
  );
};

const Publicity = ({ keep }: Given) => {
  const at = '/publicity';
  const value = get(keep.item, at);
  const days = isJson(value) && typeof value.days === 'number' ? value.days : null;
  return (
    <Row label="公示" at={at}>
      {isJson(value) && days === null ? (
        <span className="hint">按工作日或不公示，在「JSON」里改</span>
      ) : (
        <>
          <InputNumber
            aria-label="公示天数"
            style={{ width: 90 }}
            min={1}
            max={90}
            controls={false}
            value={days}
            onChange={(n) => keep.change((item) => (n === null ? drop(item, at) : put(item, at, { days: n })), at)}
          />
          　天（流程里有公示的才写）
        </>
      )}
    </Row>
  );
};

const Limits = ({ keep }: Given) => {
  const limits = get(keep.item, '/limits');
  const list = Array.isArray(limits) ? limits : [];
  const once = list.findIndex((one) => isJson(one) && one.once === 'period');
  const others = list.filter((_, i) => i !== once).length;
  return (
    <Row label="限制" at="/limits">
      <Checkbox
        checked={once >= 0}
        onChange={(event) =>
          keep.change((item) => put(item, '/limits', event.target.checked ? [{ once: 'period' }, ...list] : list.toSpliced(once, 1)))
        }
      >
        每期只发一次
      </Checkbox>
      {others === 0 ? null : <span className="hint">　另有 {others} 条限制（次数、互斥、封顶、占用），右边有中文，在「JSON」里改</span>}
    </Row>
  );
};

const Budget = ({ keep }: Given) => {
  const budget = get(keep.item, '/budget');
  const limited = isJson(budget) && budget.kind === 'limited';
  return (
    <Row label="预算" at="/budget">
      <Select
        aria-label="预算"
        style={{ width: 280 }}
        value={limited ? 'limited' : 'entitlement'}
        onChange={(kind: string) =>
          keep.change((item) => put(item, '/budget', kind === 'limited' ? { kind, yuan: 0, order: 'period.end' } : { kind: 'entitlement' }))
        }
        options={[
          { value: 'entitlement', label: '应发尽发，不因预算少发' },
          { value: 'limited', label: '有限额，用完为止' },
        ]}
      />
      {limited ? (
        <FigureInput
          label="限额"
          unit="元"
          width={160}
          value={budget.yuan}
          onChange={(yuan) => keep.change((item) => put(item, '/budget/yuan', yuan ?? 0), '/budget/yuan')}
        />
      ) : null}
    </Row>
  );
};

export const Basics = ({ keep }: Given) => {
  const { item } = keep;
  const region = typeof item.region === 'string' ? [item.region] : [];
  return (
    <div className="basics">
      <Row label="编号" at="/id">
        <span className="figure">{String(item.id ?? '')}</span>
      </Row>
      <Text keep={keep} at="/title" label="名称" />
      <Text keep={keep} at="/authority" label="主管部门" />
      <Row label="适用地区" at="/region">
        <CodeInput
          label="适用地区"
          tree="division"
          many={false}
          value={region}
          onChange={(next) => keep.change((i) => put(i, '/region', (next as string[])[0] ?? null))}
        />
      </Row>
      <Text keep={keep} at="/basis/document" label="政策文件" />
      <Text keep={keep} at="/basis/number" label="文号" hint="没有的不写" nullable />
      <Text keep={keep} at="/basis/clause" label="条款" hint="没有的不写" nullable />
      <Text keep={keep} at="/basis/url" label="网址" hint="没有的不写" nullable />
      <Choice keep={keep} at="/audience" label="对象" table={{ citizen: '居民', enterprise: '企业' }} />
      <Row label="施行日期" at="/effective">
        <span className="value">
          <DayInput
            label="自哪天起施行"
            value={get(item, '/effective/from')}
            onChange={(day) => keep.change((i) => put(i, '/effective/from', day))}
          />
          至
          <DayInput
            label="到哪天为止"
            value={get(item, '/effective/to')}
            onChange={(day) => keep.change((i) => put(i, '/effective/to', day))}
          />
          <span className="hint">可写以后或过去的日子；过去的会重算已结束的所属期</span>
        </span>
      </Row>
      <Choice keep={keep} at="/period" label="多久一次" table={periods} />
      <Row label="回看" at="/lookback">
        <InputNumber
          aria-label="回看几期"
          style={{ width: 90 }}
          min={0}
          max={120}
          controls={false}
          value={(get(item, '/lookback') as number | undefined) ?? null}
          onChange={(n) => keep.change((i) => set(i, '/lookback', n ?? undefined), '/lookback')}
        />
        　期（以前的数据改了，重算几期）
      </Row>
      <Choice keep={keep} at="/mode" label="兑现方式" table={modes} />
      <Steps keep={keep} kind="first" label="首次符合的流程" />
      <Steps keep={keep} kind="continuing" label="继续符合的流程" />
      <Publicity keep={keep} />
      <Limits keep={keep} />
      <Budget keep={keep} />
      <Text keep={keep} at="/statement" label="银行附言" hint="不超过 20 个字" />
    </div>
  );
};
