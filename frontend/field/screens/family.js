// One family: who it is, what it needs, what can be entered.
import { alert, card, h, heading, headingOfName, link, muted, waits } from "../dom.js";
import { dayInWords } from "../clock.js";
import { kindOf } from "../graduation.js";
import { dutiesOf, heldBy, isEntered, newOf, objections, pendingOf, stepsOf, unplaced } from "../needs.js";
import { state as stateOf } from "./outbox.js";
import { stageInWords, t } from "../words.js";

export function familyScreen({ caseload, rows, today }, id) {
  const family = caseload.families.find((one) => one.id === id);
  if (!family) return missing();
  const { words } = caseload;
  const own = rows.filter((row) => row.entry.family === id);
  const group = caseload.groups.find((one) => one.families.includes(id));
  return [
    ...headingOfName(family.name || t("family.nameless"), t("family.title")),
    h("p", { class: "f-muted" }, [
      family.family_no, family.village, words.status?.[family.status] ?? family.status, group && t("family.group", { group: group.name }),
    ].filter(Boolean).join(" · ")),
    family.graduation && h("p", {}, t("graduation.case", { kind: family.graduation.kind_name, state: family.graduation.state_name })),
    own.length > 0 && h("section", {}, h("h2", {}, t("family.on_phone")), h("ul", { class: "f-list" }, own.map((row) => h("li", { class: "f-line" },
      h("strong", {}, row.shown.title), muted(stateOf(row)))))),
    h("section", {}, h("h2", {}, t("family.needs")), needed(family, caseload, pendingOf(rows), today)),
    h("div", { class: "g-actions" }, link(t("visit.enter"), `#/catat/${id}/visit`), link(t("report.enter"), `#/catat/${id}/report`, { kind: "secondary" })),
    h("section", {}, h("h2", {}, t("family.members")), h("ul", { class: "f-list" }, family.members.map(member))),
    h("details", { class: "govuk-details" }, h("summary", { class: "govuk-details__summary f-summary" }, t("family.changes")),
      h("ul", { class: "f-list" }, changesOf(family, words).map(([kind, title]) => card(`#/catat/${id}/change/${kind}`, title)))),
  ];
}

// An account or collector is held only while it is new.
function changesOf({ new: fresh = [] }, { change = {} }) {
  const holds = fresh.map((one) => `HOLD_${one.what}`);
  return Object.entries(change).filter(([kind]) => !kind.startsWith("HOLD_") || holds.includes(kind));
}

export function missing() {
  return [...heading(t("missing.title")), alert("info", t("missing.other"),
    h("p", {}, t("missing.kept"))), h("p", {}, link(t("missing.back"), "#/"))];
}

function needed(family, { absences, words }, { matters }, today) {
  const lines = [
    ...family.tasks.map((one) => task(family, one, matters)),
    ...absences.filter((one) => one.family === family.id).map((one) => absence(family, one, matters)),
    ...(family.decisions ?? []).filter((one) => !one.told_on).map((one) => untold(family, one, matters)),
    ...objections(family).filter((one) => one.appeal_until >= today).map((one) => objection(family, one, matters)),
    ...(family.new ?? []).map((one) => line(newOf(one), [muted(t("need.new_how"))], matters.has(heldBy(family, one)), `#/catat/${family.id}/change/HOLD_${one.what}`, t("need.new_no"), `${t("need.new_no")}: ${newOf(one)}`)),
    ...stepsOf(family).map((step) => onItsWay(family, step, matters)),
    isReady(family) && line(t("graduation.ready"), [muted(t("at_site"))]),
    ...unplaced(family).map((one) => line(t("need.place", { name: one.name, duties: dutiesOf(one, words) }), [muted(t("need.place_how"))])),
  ].filter(Boolean);
  return lines.length ? h("ul", { class: "f-list" }, lines) : h("p", {}, t("none"));
}

// Nothing is lacking, and nobody has proposed it.
const isReady = ({ graduation }) => graduation?.state === "PREPARING" && graduation.missing.length === 0;

// One matter, with what leads to its form unless it is entered already or is done at the site.
function line(title, words, done, href, action, label) {
  return h("li", { class: "f-line" }, h("strong", {}, title), words.filter(Boolean),
    done ? waits(t("waits")) : href && link(action, href, { "aria-label": label }));
}

function task(family, one, matters) {
  const rupiah = `Rp${new Intl.NumberFormat("id-ID").format(one.rupiah)}`;
  return line(`${t("tell.task", { kind: one.kind_name, stage: stageInWords(one.stage) })}: ${rupiah}`, [
    one.reason && h("span", {}, one.reason), one.step && h("span", {}, one.step),
    one.last_day && muted(t("tell.last", { day: dayInWords(one.last_day) })),
  ], matters.has(one.payment_id), `#/catat/${family.id}/tell/${encodeURIComponent(one.payment_id)}`, t("tell.enter"), t("tell.enter_of", { stage: stageInWords(one.stage) }));
}

function absence(family, one, matters) {
  const day = dayInWords(one.on_day);
  return line(t("need.ask", { day }), [muted(`${one.group} · ${one.session}`)], matters.has(one.id),
    `#/catat/${family.id}/ask/${one.id}`, t("ask.enter"), t("ask.enter_of", { day }));
}

function untold(family, one, matters) {
  return line(t("need.tell", { stage: stageInWords(one.stage) }), [h("span", {}, one.effect_words), h("span", {}, one.reason)],
    matters.has(`${one.id}/commitments.told`), `#/catat/${family.id}/told/${one.id}`, t("told.enter"), t("told.enter_of", { stage: stageInWords(one.stage) }));
}

function objection(family, one, matters) {
  return line(t("decision.stage", { stage: stageInWords(one.stage) }), [
    h("span", {}, one.effect_words), h("span", {}, one.reason), one.appeal_until && muted(t("decision.until", { day: dayInWords(one.appeal_until) })),
  ], matters.has(`${one.id}/commitments.appeal`), `#/catat/${family.id}/appeal/${one.id}`, t("appeal.enter"), t("appeal.enter_of", { stage: stageInWords(one.stage) }));
}

function onItsWay(family, step, matters) {
  const what = t(`graduation.${step}`);
  return line(what, [], isEntered(family, step, matters), `#/catat/${family.id}/${kindOf(step)}/${family.graduation.case}`,
    t("graduation.enter"), t("graduation.enter_of", { what }));
}

function member(one) {
  const more = [
    one.collector && t("member.collector"), one.school_level && t("school.level", { level: one.school_level }),
    one.pregnancy_no && t("member.pregnancy", { number: one.pregnancy_no }), one.disabled && t("disability"),
  ].filter(Boolean);
  return h("li", { class: "f-line" }, h("strong", {}, one.name), muted([
    t("member.born", { sex: t(`sex.${one.sex}`), day: dayInWords(one.born) }), one.nik4 && t("member.nik", { four: one.nik4 }), ...more,
  ].filter(Boolean).join(" · ")));
}
