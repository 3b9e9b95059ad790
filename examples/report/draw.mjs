// draw.mjs MODULES OUT [strict]: the charts of OUT/charts.json as SVG: light and dark,
// each for a desk and, narrower, for a phone. A chart is a Vega-Lite
// specification, or one of Vega where it has marks of its own (trees); rows are
// the data named "rows". One without a mark is not written, and is an error if strict.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, out, strict] = process.argv.slice(2);
const resolve = createRequire(pathToFileURL(modules + '/package.json')).resolve;
const vega = await import(pathToFileURL(resolve('vega')));
const lite = await import(pathToFileURL(resolve('vega-lite')));

const palette = {
  light: ['#2f6db5', '#d9730d', '#2e8b57', '#b8395b', '#7a5bb5', '#8a7a2d', '#3a9aa8', '#a3532f', '#5f6b7a', '#c05fa5'],
  dark: ['#7fb2ee', '#f0a35a', '#6fc494', '#ee7f9c', '#b79cf0', '#cdbb63', '#71cbd8', '#dd8f6a', '#a3b0c0', '#ea9bd2'],
};
const steps = {
  light: ['#edf0f4', '#b9d3ef', '#7fb0e2', '#3f80c4', '#174a86'],
  dark: ['#262c37', '#27496f', '#2f6db5', '#5f9fe0', '#b5d7fb'],
};
const ink = { light: '#1f2430', dark: '#e6e9ef' };
const line = { light: '#d5d9e0', dark: '#3a4150' };
const card = { light: '#ffffff', dark: '#1c2129' };
const sizes = { desk: { width: 430, height: 250 }, phone: { width: 250, height: 220 } };
const font = 'system-ui, sans-serif';

// 12,000 is 12k, a billion is 1B; what is small stays as it is.
const number = "abs(datum.value) >= 1e4 ? replace(format(datum.value, '.3~s'), 'G', 'B') : datum.label";

function config(theme, size) {
  const text = ink[theme], rule = line[theme], colors = palette[theme], narrow = size === 'phone';
  const labels = { labelColor: text, titleColor: text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' };
  return {
    background: 'transparent', font, view: { stroke: null },
    range: { category: colors, ordinal: steps[theme], ramp: steps[theme].slice(1), heatmap: steps[theme].slice(1) },
    mark: { color: colors[0], tooltip: null }, bar: { cornerRadiusEnd: 2 }, line: { strokeWidth: 2 },
    point: { filled: true, size: 50 }, rule: { color: text }, text: { color: text, fontSize: 12 },
    axis: { ...labels, gridColor: rule, domainColor: rule, tickColor: rule, labelLimit: narrow ? 140 : 230, titlePadding: 8 },
    // a title above its axis reads without turning the head
    axisY: { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleAnchor: 'start', titleX: 0, titleY: -8 },
    title: { color: text, fontSize: 12, fontWeight: 'normal', anchor: 'start', offset: 12 },
    legend: { ...labels, orient: 'bottom', columns: narrow ? 2 : 3, labelLimit: narrow ? 170 : 220, titleLimit: 400, symbolLimit: 12,
      symbolStrokeWidth: 2, gradientLength: narrow ? 150 : 200 },
    header: { ...labels, labelOrient: 'top', labelAngle: 0, labelAnchor: 'start', labelFontWeight: 'bold', labelPadding: 4 },
  };
}

// Ticks of a logarithmic axis: powers of ten, and 2 and 5 times them where it spans few.
function logTicks(rows, field) {
  const values = rows.map((row) => row[field]).filter((v) => v > 0);
  const narrow = values.length > 0 && Math.max(...values) / Math.min(...values) < 300;
  return [...Array(24).keys()].flatMap((k) => (narrow ? [1, 2, 5] : [1]).map((m) => +(m + 'e' + (k - 8))));
}

// As many columns of a legend as its longest label leaves room for; a label is
// taken to be as wide as the layout takes it, 0.8 of its font's size a letter.
function legendColumns(rows, field, width) {
  const labels = [...new Set(rows.map((row) => row[field]).filter((v) => v !== null && v !== undefined))].map(String);
  const longest = Math.min(22, Math.max(0, ...labels.map((label) => label.length)));
  return labels.length ? Math.max(1, Math.min(labels.length, Math.floor((width + 40) / (longest * 9.6 + 30)))) : undefined;
}

// What every axis gets unless its chart says otherwise: words instead of column
// names, months on a time axis, short numbers. All layers have one title an axis.
function dress(spec, rows, size, titles = {}) {
  const narrow = size === 'phone';
  for (const part of [spec, ...(spec.layer ?? [])])
    for (const [name, channel] of Object.entries(part.encoding ?? {}))
      if (channel?.title !== undefined)
        titles[name] ??= { title: channel.title };
  for (const [name, channel] of Object.entries(spec.encoding ?? {})) {
    const axis = name === 'x' || name === 'y';
    if (channel === null || typeof channel !== 'object')
      continue;
    if ((axis || name === 'x2' || name === 'y2') && titles[name[0]])
      channel.title = titles[name[0]].title;
    if (!channel.field)
      continue;
    if (channel.title === undefined)
      channel.title = channel.field.replaceAll('_', ' ');
    if ((name === 'color' || name === 'shape') && channel.type === 'nominal' && channel.legend !== null)
      channel.legend = { columns: legendColumns(rows, channel.field, sizes[size].width), ...channel.legend };
    if (!axis || channel.axis === null)
      continue;
    if (channel.type === 'temporal')
      channel.axis = { format: '%Y-%m', tickCount: narrow ? 3 : 6, labelFlush: true, ...channel.axis };
    if (channel.type === 'quantitative') {
      const ticks = channel.scale?.type === 'log' ? { values: logTicks(rows, channel.field) } : { tickCount: name === 'x' && narrow ? 4 : 5 };
      channel.axis = { ...ticks, ...(channel.axis?.format ? {} : { labelExpr: number }), ...channel.axis };
    }
  }
  for (const layer of spec.layer ?? [])
    dress(layer, rows, size, titles);
  return spec;
}

function vegaSpec(job, theme, size) {
  const { width, height } = sizes[size];
  const spec = structuredClone(job.spec);
  if (spec.marks) {
    const signals = { width, ink: ink[theme], card: card[theme], line: line[theme], narrow: size === 'phone' };
    return { $schema: 'https://vega.github.io/schema/vega/v6.json', description: job.title, config: config(theme, size),
      padding: 5, ...spec,
      data: [{ name: 'rows', values: structuredClone(job.rows) }, ...(spec.data ?? [])],
      signals: [...Object.entries(signals).map(([name, value]) => ({ name, value })), ...(spec.signals ?? [])] };
  }
  // rows of bars are as high as there are rows
  const free = ['nominal', 'ordinal'].includes(spec.encoding?.y?.type) || 'row' in (spec.encoding ?? {});
  return lite.compile({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', description: job.title,
    width, ...(free ? {} : { height }), ...dress(spec, job.rows, size),
    data: { values: structuredClone(job.rows) }, config: config(theme, size) }, { logger: vega.logger(vega.Error) }).spec;
}

let failed = 0;
for (const job of JSON.parse(readFileSync(out + '/charts.json', 'utf8'))) {
  for (const size of Object.keys(sizes))
    for (const theme of ['light', 'dark']) {
      const view = new vega.View(vega.parse(vegaSpec(job, theme, size)), { renderer: 'none', logLevel: vega.Error });
      const svg = await view.toSVG();
      const marks = (svg.match(/class="mark-(?:rect|line|area|symbol|path)[^"]*role-mark[^]*?<path/g) || []).length;
      if (marks === 0) {
        console.error(`${job.name}: no marks in its chart`);
        failed++;
        continue;
      }
      const phone = size === 'phone' ? '.phone' : '';
      writeFileSync(`${out}/charts/${job.name}${phone}.${theme}.svg`, svg);
    }
}
process.exit(failed && strict ? 1 : 0);
