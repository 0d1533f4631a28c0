// Draws the charts of a page: `data-chart` names the JSON document that holds a Vega-Lite specification. Vega walks its
// expressions instead of evaluating them (`ast`, vega-interpreter), so the content security policy stays as it is.
// Colours are the page's CSS variables, so light, dark and paper need no second drawing. The table behind each chart is
// the page's own; without this script it stands open.
import { expressionInterpreter } from "vega-interpreter";
import { View, Warn, parse } from "vega";
import { compile } from "vega-lite";

const INK = { labelColor: "var(--ink)", titleColor: "var(--ink)", labelFontSize: 13, titleFontSize: 13, labelLimit: 220 };
const CONFIG = {
  background: "transparent",
  font: "Public Sans, sans-serif",
  axis: { ...INK, labelOverlap: "greedy", labelSeparation: 6, titleFontWeight: 600, domainColor: "var(--line-strong)", tickColor: "var(--line-strong)", gridColor: "var(--line)" },
  legend: { ...INK, titleFontWeight: 600, orient: "top", direction: "vertical", labelLimit: 0, symbolSize: 110, symbolStrokeWidth: 1 },
  text: { color: "var(--ink)", fontSize: 13 },
  view: { stroke: null },
};

// Numbers as everywhere on the page: 1.250,5.
const NUMBERS = { decimal: ",", thousands: ".", grouping: [3], currency: ["Rp", ""] };

// Data come with the page: nothing is fetched, whatever a specification says.
const nothingFetched = {
  load: () => Promise.reject(new Error("charts fetch nothing")),
  sanitize: async (href) => ({ href: new URL(href, location.origin).origin === location.origin ? href : "#" }),
};

async function draw(place) {
  const told = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.hidden = false;
  const { spec } = compile({ width: "container", autosize: { type: "fit-x", contains: "padding" }, ...told }, { config: CONFIG });
  const view = new View(parse(spec, null, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", container: place, hover: true, loader: nothingFetched, logLevel: Warn,
    locale: { number: NUMBERS },
  });
  await view.runAsync();
  // The drawing is one picture with its words (`role="img"`); its parts have none of their own.
  for (const part of place.querySelectorAll("[role], [aria-roledescription], [aria-label]")) {
    for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
  }
  const table = place.closest(".g-chart").querySelector("details");
  if (!table) return;
  table.open = false;
  addEventListener("beforeprint", () => { table.open = true; });
  addEventListener("afterprint", () => { table.open = false; });
}

for (const place of document.querySelectorAll("[data-chart]")) {
  draw(place).catch((error) => { place.hidden = true; console.error(error); });
}
