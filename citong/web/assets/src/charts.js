// Charts: `data-chart` holds the option as JSON; the figures stand beside it as a table.
import * as echarts from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = () => ({
  axisLabel: { color: colour('--tblr-secondary') },
  axisLine: { lineStyle: { color: colour('--ct-line') } },
  axisTick: { lineStyle: { color: colour('--ct-line') } },
  splitLine: { lineStyle: { color: [colour('--ct-line')] } },
});
const theme = () => ({
  color: ['--tblr-primary', '--ct-good', '--ct-near', '--ct-late'].map(colour),
  textStyle: { fontFamily: 'inherit', color: colour('--tblr-secondary') },
  tooltip: { backgroundColor: colour('--tblr-bg-surface'), borderColor: colour('--ct-line'), textStyle: { color: colour('--ct-ink') } },
  categoryAxis: axis(),
  valueAxis: axis(),
});

export function startChart(box) {
  if (box.dataset.started) return;
  box.dataset.started = 'yes';
  const chart = echarts.init(box, theme(), { renderer: 'svg' });
  chart.setOption({
    grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis' },
    legend: { top: 0, left: 0, textStyle: { color: colour('--ct-ink') } },
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    ...JSON.parse(box.dataset.chart),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}
