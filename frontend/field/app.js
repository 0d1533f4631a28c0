// The app: opens with a PIN, shows the screen the address names, and sends when it can.
import { day, corrected, inWords } from "./clock.js";
import { button, h, icon } from "./dom.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { Stop, askLanguage } from "./transport.js";
import * as vault from "./vault.js";
import { familiesScreen } from "./screens/families.js";
import { familyScreen } from "./screens/family.js";
import { groupsScreen, meetingScreen } from "./screens/meetings.js";
import { outboxScreen, visible } from "./screens/outbox.js";
import { phoneScreen } from "./screens/phone.js";
import { newPinScreen, pinScreen } from "./screens/pin.js";
import { planScreen } from "./screens/plan.js";
import { recordScreen, savedScreen } from "./screens/record.js";
import { sheetScreen, sheetsScreen } from "./screens/sheets.js";
import { speak, t } from "./words.js";

const IDLE_MS = 5 * 60_000;
const AGAIN_MS = [3_000, 10_000, 30_000, 120_000];
const STOPPED = ["offline", "login", "denied", "later", "old", "other"];
const TABS = [
  ["#/rencana", "list-todo", "tab.plan"], ["#/", "users", "tab.families"], ["#/pertemuan", "message-circle", "tab.meetings"],
  ["#/lembar", "clipboard-check", "tab.sheets"], ["#/kirim", "send", "tab.outbox"],
];
const main = document.getElementById("isi");
const bar = document.getElementById("keadaan");
const tabs = document.getElementById("tab");
const phone = document.getElementById("ponsel");
const now = { state: {}, rows: [], caseload: sync.EMPTY, query: "", busy: false, shown: "", language: "" };
let install = null;
let asked = false;
let failed = 0;
let again;
let hiddenAt = 0;
let turns = 0;
let arrives = false; // the heading of a screen she came to has yet to be given the focus

async function load() {
  now.state = await vault.dropOldShare(await store.readState());
  if (!now.state.device && !now.language) learnLanguage();
  speak(now.state.language ?? now.language);
  if (!vault.isOpen()) return;
  now.rows = await queue.list();
  now.caseload = await sync.caseload();
}

// Before anybody has entered the phone; nobody waits for it, and nothing that was typed is drawn anew.
async function learnLanguage() {
  now.language = "id";
  now.language = (await askLanguage()) ?? "id";
  const typed = [...main.querySelectorAll("input")].some((one) => one.value !== one.defaultValue);
  if (now.language !== "id" && !typed && !vault.isOpen()) await show({ focus: false });
}

// The newest turn alone draws: an older one would put what is no longer so, or a form anew over one that is typed into.
// Until it has, nothing of the screen she left can be pressed.
async function show({ focus = true } = {}) {
  const turn = (turns += 1);
  const wanted = location.hash || "#/";
  arrives ||= focus;
  main.inert = wanted !== now.shown;
  await load();
  const content = vault.isOpen() ? await screen(wanted) : pinScreen(now.state, opened);
  if (turn !== turns || wanted !== (location.hash || "#/")) return; // she went on meanwhile; that has its own turn
  const held = document.activeElement?.id;
  main.replaceChildren(...content.flat().filter(Boolean));
  main.inert = false;
  now.shown = wanted;
  frame();
  document.title = `${titleOf(main.querySelector("h1"))} · Gandeng`;
  if (arrives) {
    arrives = false;
    main.querySelector("h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  } else if (held) document.getElementById(held)?.focus({ preventScroll: true });
  document.body.dataset.ready = vault.isOpen() ? "open" : "locked";
}

// The browser keeps titles in its history, legible: where the heading is somebody's name, the title is not.
const titleOf = (heading) => heading?.dataset.title ?? heading?.textContent ?? t("app.short");

function screen(wanted) {
  const [path, query = ""] = wanted.slice(2).split("?");
  const [first, id, what, about] = path.split("/").map(decodeURIComponent);
  const mends = new URLSearchParams(query).get("mends");
  const shared = { ...now, today: day(corrected(now.state)), changed: () => show({ focus: false }), saved, lock, install: install && ask };
  if (first === "rencana") return planScreen(shared);
  if (first === "pertemuan") return id ? meetingScreen(shared, id, mends) : groupsScreen(shared);
  if (first === "lembar") return id ? sheetScreen(shared, `${id}/${what}`, mends) : sheetsScreen(shared);
  if (first === "kirim") return outboxScreen(shared);
  if (first === "ponsel") return id === "pin" ? newPinScreen(shared) : phoneScreen(shared);
  if (first === "keluarga") return familyScreen(shared, id);
  if (first === "tersimpan") return savedScreen(path.slice("tersimpan/".length), waiting());
  if (first === "catat") return recordScreen(shared, { id, what, about, mends });
  return familiesScreen(shared, now.query, (text) => { now.query = text; });
}

const waiting = () => now.rows.filter((row) => row.state === queue.WAITING).length;

// Header and tabs; a form that is being typed into stays as it is.
function frame() {
  const open = vault.isOpen();
  const stopped = navigator.onLine ? now.state.stopped : "offline";
  const words = [
    now.busy ? t("bar.sending") : t(STOPPED.includes(stopped) ? `bar.${stopped}` : "bar.connected"), t("bar.waiting", { n: waiting() }),
    now.state.lastSync ? t("bar.synced", { when: inWords(now.state.lastSync) }) : t("bar.never"),
  ];
  bar.hidden = tabs.hidden = phone.hidden = !open;
  labels();
  if (!open) return;
  bar.replaceChildren(
    h("p", { role: "status" }, icon(stopped ? "wifi-off" : "check"), h("span", {}, words.join(" · "))),
    ...(now.state.stopped === "login" ? [h("a", { class: "f-sync", href: "/akun/login/?next=/lapangan/" }, t("login"))] : []),
    ...(now.state.stopped === "other" ? [h("a", { class: "f-sync", href: "/akun/logout/" }, t("logout"))] : []),
    h("button", { type: "button", class: "f-sync", id: "sinkron", "aria-disabled": now.busy ? "true" : null, onclick: run }, icon("refresh-cw"), t("bar.sync")));
  const said = visible(now.rows).length + (now.state.dropped ? 1 : 0);
  const place = now.shown.split("/")[1] ?? "";
  tabs.replaceChildren(h("ul", {}, TABS.map(([href, sign, label]) => h("li", {}, h("a", { href, "aria-current": isCurrent(href, place) ? "page" : null },
    icon(sign), t(label), href === "#/kirim" && said > 0 && h("span", { class: "f-badge" }, said))))));
}

// A form is under the tab it was opened from; what is about a family is under the families.
function isCurrent(href, place) {
  const own = href.slice(2);
  return own === place || (own === "" && ["keluarga", "catat"].includes(place));
}

// What the page itself says, in her language.
function labels() {
  bar.setAttribute("aria-label", t("bar"));
  tabs.setAttribute("aria-label", t("tabs"));
  phone.setAttribute("aria-label", t("phone.title"));
  document.querySelector(".govuk-skip-link").replaceChildren(t("skip"));
  document.querySelector(".g-brand span").replaceChildren(t("app.short"));
}

const LIVE = /^#\/(rencana|pertemuan|lembar|kirim|ponsel|keluarga\/[^/]+|tersimpan\/.*)?$/;

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
  bar.after(h("p", { class: "f-full", role: "alert" }, t("full.newest"),
    button(t("close"), (event) => event.target.parentElement.remove(), { kind: "secondary" })));
}

async function opened() {
  await show();
  if (vault.isOpen()) run();
}

async function saved(back) {
  location.hash = `#/tersimpan/${back}`;
  run();
}

function lock() {
  vault.lock();
  Object.assign(now, { rows: [], caseload: sync.EMPTY, query: "" });
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
