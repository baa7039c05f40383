// Charts: `data-chart` holds the option as JSON; the figures stand beside it as a table.
import * as echarts from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function startChart(box) {
  if (box.dataset.started) return;
  box.dataset.started = 'yes';
  const chart = echarts.init(box, null, { renderer: 'svg' });
  chart.setOption({
    color: ['--tblr-primary', '--ct-good', '--ct-near', '--ct-late'].map(colour),
    textStyle: { fontFamily: 'inherit', color: colour('--tblr-secondary') },
    grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis' },
    legend: { top: 0, left: 0, textStyle: { color: colour('--ct-ink') } },
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    ...JSON.parse(box.dataset.chart),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}
