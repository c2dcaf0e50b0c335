// One bar or line chart, labelled directly, the table beside it says the same: loaded only where a page draws one.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Drawn {
  readonly label: string;
  readonly kind: 'bar' | 'line';
  readonly names: readonly string[];
  /** null: nothing is drawn there. `dashed`: not yet so. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[]; readonly dashed?: boolean }[];
  /** Each line bears its name at its end instead of a figure at each point: for many lines over many points. */
  readonly named?: boolean;
}

/** Apart also without colour: dark blue, mid orange, grey, green. */
const colours = ['#0958d9', '#b45309', '#6b7280', '#1a7f37'];
const lineHeight = 28;

export const Chart = ({ label, kind, names, series, named = false }: Drawn) => {
  const box = useRef<HTMLDivElement>(null);
  const lying = kind === 'bar';
  const height = lying ? Math.max(120, names.length * lineHeight * Math.max(1, series.length * 0.7) + 60) : 240;
  useEffect(() => {
    if (box.current === null) return;
    const chart = echarts.init(box.current, null, { renderer: 'svg' });
    const category = {
      type: 'category' as const,
      data: [...names],
      axisLabel: { color: '#595959', width: 220, overflow: 'truncate' as const },
    };
    const value = { type: 'value' as const, axisLabel: { color: '#595959' }, splitLine: { lineStyle: { color: '#e8eaed' } } };
    chart.setOption({
      animation: false,
      color: colours,
      // By name: the room for labels is measured with it.
      textStyle: { fontFamily: '"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif' },
      grid: { left: 8, right: named ? 120 : 72, top: 32, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemGap: 20 },
      tooltip: { trigger: 'axis' },
      xAxis: lying ? value : category,
      yAxis: lying ? { ...category, inverse: true } : value,
      series: series.map(({ name, values, dashed }, i) => ({
        name,
        type: kind,
        data: [...values],
        barMaxWidth: 14,
        ...(named
          ? {
              // Above and below in turn: lines that end side by side keep their names apart.
              endLabel: { show: true, formatter: '{a}', color: '#1b1b1b', offset: [0, i % 2 === 0 ? 10 : -10] },
              lineStyle: { type: dashed === true ? ('dashed' as const) : ('solid' as const) },
            }
          : { label: { show: lying || names.length <= 12, position: lying ? ('right' as const) : ('top' as const), color: '#1b1b1b' } }),
      })),
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(box.current);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  }, [names, series, kind, lying, named]);
  return <div ref={box} role="img" aria-label={`${label}，数字见下表`} style={{ height }} />;
};
