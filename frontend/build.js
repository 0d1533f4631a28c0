// Builds gandeng/web/static/gandeng and gandeng/field/static/field from these sources and the locked packages. Nothing is fetched.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { compile } from "sass";

const here = import.meta.dirname;
const packages = join(here, "node_modules");
const out = join(here, "..", "gandeng", "web", "static", "gandeng");
const tests = join(here, "..", "gandeng", "web", "tests");
const field = join(here, "..", "gandeng", "field", "static", "field");

function buildStyles() {
  const { css } = compile(join(here, "styles", "gandeng.scss"), {
    loadPaths: [packages],
    style: "compressed",
    charset: false,
    quietDeps: true,
  });
  writeFileSync(join(out, "gandeng.css"), css + "\n");
}

async function buildScripts() {
  await bundle(join("scripts", "gandeng.js"), join(out, "gandeng.js"), "iife");
  const htmx = readFileSync(join(packages, "htmx.org", "dist", "htmx.min.js"), "utf8");
  writeFileSync(join(out, "htmx.min.js"), htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

// One file with what draws charts; the licences of all that is in it stand together in another.
async function bundleCharts() {
  const inputs = await bundle(join("scripts", "charts.js"), join(out, "charts.js"), "iife");
  writeLicences(inputs, join(out, "licences", "charts.txt"));
}

// The app of the field: the page's script, what keeps its shell on the phone, and its own look.
async function buildField() {
  const inputs = [
    ...await bundle(join("field", "app.js"), join(field, "app.js"), "esm"),
    ...await bundle(join("field", "sw.js"), join(field, "sw.js"), "iife"),
  ];
  writeLicences(inputs, join(field, "licences.txt"));
  const { css } = compile(join(here, "styles", "field.scss"), { style: "compressed", charset: false });
  writeFileSync(join(field, "app.css"), css + "\n");
  cpSync(join(here, "favicon.svg"), join(field, "icon.svg"));
}

async function bundle(from, outfile, format) {
  const { metafile } = await build({
    entryPoints: [join(here, from)], outfile, absWorkingDir: here, bundle: true, minify: true, format,
    target: "es2022", legalComments: "none", metafile: true, define: { "process.env.NODE_ENV": '"production"' },
  });
  return Object.keys(metafile.inputs);
}

function writeLicences(inputs, outfile) {
  const folders = inputs.map((path) => path.match(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[0]);
  const texts = [...new Set(folders)].filter(Boolean).sort().map((folder) => {
    const licence = readdirSync(join(here, folder)).find((file) => /^licen[cs]e/i.test(file));
    const name = folder.slice("node_modules/".length);
    return `${name}\n\n${readFileSync(join(here, folder, licence), "utf8").trim()}\n`;
  });
  writeFileSync(outfile, texts.join(`\n${"-".repeat(79)}\n\n`));
}

function copyFonts() {
  const files = join(packages, "@fontsource", "public-sans", "files");
  for (const weight of [400, 600, 700]) {
    const name = `public-sans-latin-${weight}-normal.woff2`;
    cpSync(join(files, name), join(out, "fonts", name));
  }
}

// One sprite: our mark, then each Lucide icon named in icons.txt.
function buildIcons() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean).sort();
  const symbols = names.map((name) => {
    const svg = readFileSync(join(packages, "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return symbol(name, body);
  });
  const mark = symbol("gandeng", readFileSync(join(here, "mark.svg.part"), "utf8"));
  const sprite = ['<svg xmlns="http://www.w3.org/2000/svg">', mark, ...symbols, "</svg>", ""];
  writeFileSync(join(out, "icons.svg"), sprite.join("\n"));
  cpSync(join(here, "favicon.svg"), join(out, "favicon.svg"));
}

function symbol(name, body) {
  const drawing = body.replace(/\s*\n\s*/g, "");
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`
  );
}

// GOV.UK Frontend's package comes without its licence text; ours is the one of its repository.
function copyLicences() {
  cpSync(join(here, "licences", "govuk-frontend.txt"), join(out, "licences", "govuk-frontend.txt"));
  const licences = {
    "public-sans.txt": ["@fontsource", "public-sans", "LICENSE"],
    "lucide.txt": ["lucide-static", "LICENSE"],
    "htmx.txt": ["htmx.org", "LICENSE"],
  };
  for (const [name, path] of Object.entries(licences)) {
    cpSync(join(packages, ...path), join(out, "licences", name));
  }
}

function copyAxe() {
  cpSync(join(packages, "axe-core", "axe.min.js"), join(tests, "axe.min.js"));
  cpSync(join(packages, "axe-core", "LICENSE"), join(tests, "axe.licence.txt"));
}

for (const folder of [out, field]) rmSync(folder, { recursive: true, force: true });
mkdirSync(field, { recursive: true });
for (const folder of ["fonts", "licences"]) mkdirSync(join(out, folder), { recursive: true });
mkdirSync(tests, { recursive: true });
buildStyles();
await buildScripts();
await bundleCharts();
await buildField();
copyFonts();
buildIcons();
copyLicences();
copyAxe();
