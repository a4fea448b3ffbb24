// Draws the tables of a page as charts. A page without script has the tables alone.
"use strict";
(() => {
  const printing = matchMedia("print");
  const schemes = matchMedia("(prefers-color-scheme: dark)");

  /** Colours as they are now: another scheme, or paper, has others. */
  function colours() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(name).trim();
    return { ink: of("--ink"), soft: of("--soft"), line: of("--line"), low: of("--s0"), high: of("--s1"), band: of("--band") };
  }

  /** Columns of a table as numbers; the first one is a day, in seconds. */
  function columns(table) {
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.dataset.value));
    const count = rows[0].filter((value) => value !== undefined).length;
    return Array.from({ length: count }, (_, place) =>
      rows.map((row) => (place === 0 ? Date.parse(`${row[0]}T00:00:00Z`) / 1000 : row[place] === "" ? null : Number(row[place]))),
    );
  }

  function axes(colour, percent) {
    const one = { stroke: colour.soft, grid: { stroke: colour.line, width: 1 }, ticks: { stroke: colour.line, width: 1 }, font: "12px system-ui, sans-serif" };
    const values = percent ? (_, ticks) => ticks.map((value) => `${Math.round(100 * value)}%`) : (_, ticks) => ticks.map(String);
    const days = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short", timeZone: "UTC" });
    return [{ ...one, values: (_, ticks) => ticks.map((at) => days.format(at * 1000)), space: 60 }, { ...one, values, size: 48 }];
  }

  function series(figure, colour) {
    const names = (figure.dataset.series || "at least,at most").split(",");
    const dashed = Number(figure.dataset.dashed || 0);
    return names.map((label, place) => ({
      label,
      stroke: place % 2 ? colour.high : colour.low,
      width: 2,
      points: { show: false },
      dash: dashed && place >= dashed ? [6, 4] : undefined,
    }));
  }

  function draw(figure) {
    const table = document.getElementById(figure.dataset.from);
    if (!table || !table.tBodies[0].rows.length) return;
    const colour = colours();
    const percent = figure.dataset.chart === "band";
    const plot = figure.querySelector(".plot");
    figure.hidden = false;
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", `${figure.dataset.label}. The table below has the values.`);
    const options = {
      width: Math.max(240, plot.clientWidth),
      height: plot.clientWidth < 500 ? 220 : 300,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: percent ? [0, 1] : (_, low, high) => [0, high * 1.1 || 1] } },
      axes: axes(colour, percent),
      series: [{}, ...series(figure, colour)],
      bands: (figure.dataset.bands || (percent ? "2-1" : "")).split(",").filter(Boolean).map((pair) => ({ series: pair.split("-").map(Number), fill: colour.band })),
    };
    plot.replaceChildren();
    new uPlot(options, columns(table), plot);
  }

  function drawAll() {
    document.querySelectorAll("figure.chart").forEach(draw);
  }

  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  schemes.addEventListener("change", drawAll);
  printing.addEventListener("change", drawAll);
  drawAll();
})();
