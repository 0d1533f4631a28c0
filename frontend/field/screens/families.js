// My families by village, with what each needs next.
import { alert, card, h, heading, muted, next, waits } from "../dom.js";
import { needsOf, pendingOf } from "../needs.js";
import { t } from "../words.js";

// Where the office has her accompany nobody: what was on the phone is gone, and why. Null before anything was fetched.
export function nobody({ caseload, state }) {
  return !caseload.families.length && state.lastSync ? alert("info", t("nobody.title"), h("p", {}, t("nobody.words"))) : null;
}

export function familiesScreen(shared, query, search) {
  const { caseload, rows } = shared;
  const none = nobody(shared);
  if (none) return [...heading(t("families.title")), none];
  const list = h("div", { id: "daftar" });
  const show = (text) => list.replaceChildren(...byVillage(found(caseload.families, text), caseload, pendingOf(rows)));
  const box = h("input", {
    id: "cari", class: "govuk-input", type: "search", value: query, autocomplete: "off",
    oninput: (event) => { search(event.target.value); show(event.target.value); },
  });
  show(query);
  return [
    ...heading(t("families.title")),
    h("div", { class: "govuk-form-group" }, h("label", { class: "govuk-label", for: "cari" }, t("families.search")), box),
    list,
  ];
}

// One family, with the first thing it needs, or all.
export function familyCard(family, needs, pending, { most = 1 } = {}) {
  const open = needs.filter((one) => !one.done);
  return card(`#/keluarga/${family.id}`, family.name || t("family.nameless"), muted(family.family_no),
    open.slice(0, most).map((one) => next("list-todo", one.words)),
    open.length > most && muted(t("families.more", { n: open.length - most })),
    pending.families.has(family.id) && waits(t("families.waits")));
}

export function villageHeading(name, words) {
  return h("h2", { class: "f-village" }, name, h("span", { class: "f-count" }, words));
}

function found(families, text) {
  const parts = text.toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
  return families.filter((one) => {
    const all = [one.name, one.family_no, one.village, ...one.members.map((member) => `${member.name} ${member.nik4}`)];
    const legible = all.join(" ").toLocaleLowerCase("id");
    return parts.every((part) => legible.includes(part));
  });
}

function byVillage(families, caseload, pending) {
  if (!families.length) return [h("p", {}, t("families.none"))];
  const villages = new Map();
  for (const one of families) villages.set(one.village, [...(villages.get(one.village) ?? []), one]);
  return [...villages].map(([village, own]) => h("section", {}, villageHeading(village, t("families.count", { n: own.length })),
    h("ul", { class: "f-list" }, own.map((one) => familyCard(one, needsOf(one, caseload, pending), pending)))));
}
