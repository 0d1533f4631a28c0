// The app: opens with a PIN, shows the screen the address names, and sends when it can.
import { day, corrected, inWords } from "./clock.js";
import { button, h, icon } from "./dom.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { Stop } from "./transport.js";
import * as vault from "./vault.js";
import { familiesScreen, planScreen } from "./screens/families.js";
import { familyScreen } from "./screens/family.js";
import { outboxScreen, visible } from "./screens/outbox.js";
import { phoneScreen } from "./screens/phone.js";
import { pinScreen } from "./screens/pin.js";
import { recordScreen, savedScreen } from "./screens/record.js";

const IDLE_MS = 5 * 60_000;
const AGAIN_MS = [3_000, 10_000, 30_000, 120_000];
const STOPPED = {
  offline: "Tanpa jaringan", login: "Perlu masuk lagi", later: "Server sibuk", old: "Aplikasi perlu diperbarui",
  other: "Masuk dengan akun lain",
};
const TABS = [["#/", "users", "Keluarga"], ["#/rencana", "map-pin", "Hari ini"], ["#/kirim", "send", "Kirim"], ["#/ponsel", "smartphone", "Ponsel"]];

const main = document.getElementById("isi");
const bar = document.getElementById("keadaan");
const tabs = document.getElementById("tab");
const now = { state: {}, rows: [], caseload: { families: [], words: {} }, query: "", busy: false, shown: "" };
let install = null;
let asked = false;
let failed = 0;
let again;
let hiddenAt = 0;

async function load() {
  now.state = await vault.dropOldShare(await store.readState());
  if (!vault.isOpen()) return;
  now.rows = await queue.list();
  now.caseload = await sync.caseload();
}

async function show({ focus = true } = {}) {
  await load();
  const wanted = location.hash || "#/";
  const content = vault.isOpen() ? await screen(wanted) : pinScreen(now.state, opened);
  const held = document.activeElement?.id;
  main.replaceChildren(...content.flat().filter(Boolean));
  now.shown = wanted;
  frame();
  document.title = `${main.querySelector("h1")?.textContent ?? "Lapangan"} · Gandeng`;
  if (focus) {
    main.querySelector("h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  } else if (held) document.getElementById(held)?.focus({ preventScroll: true });
  document.body.dataset.ready = vault.isOpen() ? "open" : "locked";
}

function screen(wanted) {
  const [path, query = ""] = wanted.slice(2).split("?");
  const [first, id, what, about] = path.split("/").map(decodeURIComponent);
  const shared = { ...now, today: day(corrected(now.state)), changed: () => show({ focus: false }), saved, lock, install: install && ask };
  if (first === "rencana") return planScreen(shared);
  if (first === "kirim") return outboxScreen(shared);
  if (first === "ponsel") return phoneScreen(shared);
  if (first === "keluarga") return familyScreen(shared, id);
  if (first === "tersimpan") return savedScreen(id, waiting());
  if (first === "catat") return recordScreen(shared, { id, what, about, mends: new URLSearchParams(query).get("mends") });
  return familiesScreen(shared, now.query, (text) => { now.query = text; });
}

const waiting = () => now.rows.filter((row) => row.state === queue.WAITING).length;

// Header and tabs; a form that is being typed into stays as it is.
function frame() {
  const open = vault.isOpen();
  const stopped = navigator.onLine ? now.state.stopped : "offline";
  const words = [
    now.busy ? "Mengirim…" : STOPPED[stopped] ?? "Tersambung", `${waiting()} menunggu`,
    now.state.lastSync ? `sinkron ${inWords(now.state.lastSync)}` : "belum pernah sinkron",
  ];
  bar.hidden = tabs.hidden = !open;
  if (!open) return;
  bar.replaceChildren(
    h("p", { role: "status" }, icon(stopped ? "wifi-off" : "check"), h("span", {}, words.join(" · "))),
    ...(now.state.stopped === "login" ? [h("a", { class: "f-sync", href: "/akun/login/?next=/lapangan/" }, "Masuk")] : []),
    ...(now.state.stopped === "other" ? [h("a", { class: "f-sync", href: "/akun/logout/" }, "Keluar")] : []),
    h("button", { type: "button", class: "f-sync", id: "sinkron", "aria-disabled": now.busy ? "true" : null, onclick: run }, icon("refresh-cw"), "Sinkron"));
  const said = visible(now.rows).length;
  tabs.replaceChildren(h("ul", {}, TABS.map(([href, sign, label]) => h("li", {}, h("a", { href, "aria-current": now.shown === href ? "page" : null },
    icon(sign), label, href === "#/kirim" && said > 0 && h("span", { class: "f-badge" }, said))))));
}

const LIVE = /^#\/(rencana|kirim|ponsel|keluarga\/[^/]+|tersimpan\/[^/]+)?$/;

// Another wish while one run is under way is a run after it: what was saved meanwhile goes too.
async function run() {
  if (!vault.isOpen()) return;
  asked = true;
  if (now.busy) return;
  now.busy = true;
  clearTimeout(again);
  try {
    while (asked && vault.isOpen()) {
      asked = false;
      frame();
      await once();
    }
  } finally {
    now.busy = false;
    await (LIVE.test(location.hash || "#/") || !vault.isOpen() ? show({ focus: false }) : load().then(frame));
  }
}

async function once() {
  try {
    await sync.run(async () => { now.rows = await queue.list(); frame(); });
    failed = 0;
  } catch (error) {
    if (error instanceof store.StorageFull) tellFull();
    else if (!(error instanceof Stop) && vault.isOpen()) throw error;
    else later(error);
  }
}

// By itself soon, then less and less often; not where somebody has to sign in, nor where there is nothing to ask.
function later(error) {
  if (!["offline", "later"].includes(error.why)) return;
  const wait = Math.max(AGAIN_MS[Math.min(failed, AGAIN_MS.length - 1)], (error.seconds ?? 0) * 1000);
  failed += 1;
  again = setTimeout(() => { if (navigator.onLine && !document.hidden) run(); }, wait);
}

function tellFull() {
  document.querySelector(".f-full")?.remove();
  bar.after(h("p", { class: "f-full", role: "alert" }, "Penyimpanan ponsel penuh: data terbaru belum tersimpan. Kosongkan sedikit ruang.",
    button("Tutup", (event) => event.target.parentElement.remove(), { kind: "secondary" })));
}

async function opened() {
  await show();
  if (vault.isOpen()) run();
}

async function saved(id) {
  location.hash = `#/tersimpan/${id}`;
  run();
}

function lock() {
  vault.lock();
  Object.assign(now, { rows: [], caseload: { families: [], words: {} }, query: "" });
  show();
}

async function ask() {
  await install.prompt();
  install = null;
  show({ focus: false });
}

addEventListener("hashchange", () => show());
addEventListener("online", () => { failed = 0; run(); });
addEventListener("offline", frame);
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); install = event; });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = performance.now();
  else if (vault.isOpen() && performance.now() - hiddenAt > IDLE_MS) lock();
  else run();
});

navigator.serviceWorker?.register("/lapangan/sw.js", { scope: "/lapangan/" }).catch(() => {});
show();
