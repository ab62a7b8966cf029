/**
 * Draws the charts of the overview from the tables that stand below them: what is shown and what is
 * read out are the same numbers. Without scripts the tables are what there is.
 */

const css = getComputedStyle(document.documentElement);
const colour = (name) => css.getPropertyValue(`--${name}`).trim();
const DAY_S = 86_400;

/** The dates of a table's rows, in Unix seconds, and the numbers of each further column. */
function columns(table) {
  const rows = Array.from(table.tBodies[0].rows);
  const dates = rows.map((row) => Date.parse(row.cells[0].dataset.date) / 1000);
  const count = table.tHead.rows[0].cells.length - 1;
  const values = Array.from({ length: count }, (_, index) =>
    rows.map((row) => {
      const cell = row.cells[index + 1];
      const text = cell.dataset.value ?? cell.textContent;
      return text.trim() === "" ? null : Number(text);
    }),
  );
  return { dates, values, names: Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent) };
}

function axes(dates, dayNames) {
  const style = { stroke: colour("quiet"), grid: { stroke: colour("rest"), width: 1 } };
  const label = (at) => dayNames.get(at) ?? "";
  return [
    { ...style, grid: { show: false }, values: (_plot, ticks) => ticks.map(label), space: 70, size: 32,
      incrs: [1, 2, 7, 14].map((days) => days * DAY_S) },
    { ...style, size: 56, values: (_plot, ticks) => ticks.map((tick) => tick.toLocaleString()) },
  ];
}

function plot(place, table, options) {
  const { dates, values } = columns(table);
  const shortDay = (row) => row.cells[0].textContent.trim().split(" ").slice(0, 2).join(" ");
  const dayNames = new Map(Array.from(table.tBodies[0].rows, (row, i) => [dates[i], shortDay(row)]));
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height: 220,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      cursor: { show: false },
      legend: { show: false },
      axes: axes(dates, dayNames),
      ...options(values, dates),
    },
    options(values, dates).data,
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 220 })).observe(place);
}

/** Bars on top of one another: each is drawn to the sum of those below it, the tallest first. */
function stacked(values, dates) {
  const sums = values.map((_, index) =>
    dates.map((_day, day) => values.slice(0, index + 1).reduce((sum, of) => sum + of[day], 0)),
  );
  const bars = uPlot.paths.bars({ size: [0.75, 48] });
  const names = ["answer", "offer", "unknown"];
  const series = names.map((name) => (
    { fill: colour(name), stroke: colour(name), width: 0, paths: bars, points: { show: false } }
  )).reverse();
  return {
    data: [dates, ...sums.reverse()],
    series: [{}, ...series],
    scales: {
      x: { range: (_plot, from, to) => [from - DAY_S * 0.6, to + DAY_S * 0.6] },
      y: { range: (_plot, _from, to) => [0, Math.max(4, to * 1.08)] },
    },
  };
}

function lines(values, dates) {
  const line = (name) => ({ stroke: colour(name), width: 2, spanGaps: true, points: { size: 5, fill: colour(name) } });
  return {
    data: [dates, ...values],
    series: [{}, line("answer"), line("offer")],
    scales: {
      x: { range: (_plot, from, to) => [from - DAY_S * 0.6, to + DAY_S * 0.6] },
      y: { range: (_plot, _from, to) => [0, Math.max(1, (to ?? 1) * 1.08)] },
    },
  };
}

const DRAWN = { outcomes: ["outcomes", stacked], took: ["took-table", lines] };

for (const place of document.querySelectorAll("[data-chart]")) {
  const [table, options] = DRAWN[place.dataset.chart];
  plot(place, document.getElementById(table), options);
}
