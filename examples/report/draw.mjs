// draw.mjs MODULES OUT: the charts of OUT/charts.json as SVG, light and dark.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, out] = process.argv.slice(2);
const resolve = createRequire(pathToFileURL(modules + '/package.json')).resolve;
const vega = await import(pathToFileURL(resolve('vega')));
const lite = await import(pathToFileURL(resolve('vega-lite')));

const palette = {
  light: ['#2f6db5', '#d9730d', '#2e8b57', '#b8395b', '#7a5bb5', '#8a7a2d', '#3a9aa8', '#a3532f', '#5f6b7a', '#c05fa5'],
  dark: ['#7fb2ee', '#f0a35a', '#6fc494', '#ee7f9c', '#b79cf0', '#cdbb63', '#71cbd8', '#dd8f6a', '#a3b0c0', '#ea9bd2'],
};
const ink = { light: '#1f2430', dark: '#e6e9ef' };
const line = { light: '#d5d9e0', dark: '#3a4150' };

function config(theme) {
  const text = ink[theme], rule = line[theme], colors = palette[theme];
  return {
    background: 'transparent', font: 'system-ui, sans-serif',
    view: { stroke: null }, range: { category: colors, ordinal: { scheme: theme === 'dark' ? 'darkmulti' : 'blues' } },
    mark: { color: colors[0], tooltip: null }, bar: { cornerRadiusEnd: 2 }, line: { strokeWidth: 2 },
    axis: { labelColor: text, titleColor: text, gridColor: rule, domainColor: rule, tickColor: rule, labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 150 },
    legend: { labelColor: text, titleColor: text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal',
      orient: 'bottom', columns: 4, labelLimit: 110, symbolLimit: 12 },
    header: { labelColor: text, titleColor: text, labelFontSize: 12 },
  };
}

let failed = 0;
for (const job of JSON.parse(readFileSync(out + '/charts.json', 'utf8'))) {
  for (const theme of ['light', 'dark']) {
    for (const channel of Object.values(job.spec.encoding))
      if (channel.type === 'temporal' && !channel.axis) channel.axis = { format: '%Y-%m', tickCount: 6 };
    const discrete = Object.keys(job.spec.encoding).includes('row');
    const spec = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', description: job.title,
      width: 420, ...(job.spec.encoding.y?.type === 'nominal' || discrete ? {} : { height: 240 }),
      ...job.spec, data: { values: job.rows }, config: config(theme) };
    const svg = await new vega.View(vega.parse(lite.compile(spec, { logger: vega.logger(vega.Error) }).spec),
      { renderer: 'none', logLevel: vega.Error }).toSVG();
    const marks = (svg.match(/class="mark-(?:rect|line|area|symbol)[^"]*role-mark[^]*?<path/g) || []).length;
    if (marks === 0) {
      console.error(`${job.name}: no marks in its chart`);
      failed++;
    }
    writeFileSync(`${out}/charts/${job.name}.${theme}.svg`, svg);
  }
}
process.exit(failed ? 1 : 0);
