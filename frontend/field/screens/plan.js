// Today, by village: meetings of these days, sheets nobody has recorded, families with what each needs next.
import { dayInWords, weekdayInWords } from "../clock.js";
import { card, h, heading, muted, next, waits } from "../dom.js";
import { meetingsSoon, needsOf, pendingOf, recorded, sessionName, sheetsDue } from "../needs.js";
import { familyCard, nobody, villageHeading } from "./families.js";
import { t } from "../words.js";

const LATER = "9999-12-31";

export function planScreen(shared) {
  const { caseload, rows, today } = shared;
  const pending = pendingOf(rows);
  const villages = [...planned(caseload, today, pending)].sort(([one, own], [other, others]) => (
    own.first.localeCompare(others.first) || one.localeCompare(other, "id")
  ));
  return [
    ...heading(t("plan.title")),
    h("p", { class: "f-muted" }, weekdayInWords(today)),
    nobody(shared) ?? h("p", {}, villages.length ? t("plan.villages", { n: villages.length }) : t("plan.nothing")),
    ...villages.map(([village, own]) => h("section", {},
      villageHeading(village, t("plan.count", { n: own.meetings.length + own.sheets.length + own.families.length })),
      h("ul", { class: "f-list" },
        own.meetings.map((group) => meeting(group, caseload, today, pending)),
        own.sheets.map((sheet) => sheetCard(sheet, pending)),
        own.families.map(([family, needs]) => familyCard(family, needs, pending, { most: 3 }))))),
  ];
}

// By village; `first`: the day of its next meeting, which tells where to go first.
function planned(caseload, today, pending) {
  const villages = new Map();
  const at = (village) => {
    if (!villages.has(village)) villages.set(village, { first: LATER, meetings: [], sheets: [], families: [] });
    return villages.get(village);
  };
  for (const group of meetingsSoon(caseload, today)) {
    const own = at(group.village);
    own.meetings.push(group);
    if (group.next.day < own.first) own.first = group.next.day;
  }
  for (const sheet of sheetsDue(caseload, today)) at(sheet.village).sheets.push(sheet);
  for (const family of caseload.families) {
    const needs = needsOf(family, caseload, pending);
    if (needs.length) at(family.village).families.push([family, needs]);
  }
  for (const { families } of villages.values()) families.sort(([, one], [, other]) => isLater(one) - isLater(other));
  return villages;
}

// In a new office nearly everybody is to be placed: those to whom something happened come first.
const isLater = (needs) => needs.every((one) => one.later);

function meeting(group, caseload, today, { matters }) {
  const { session, day } = group.next;
  const when = day === today ? t("plan.meeting_today") : t(day < today ? "plan.meeting_past" : "plan.meeting_soon", { day: dayInWords(day) });
  return card(`#/pertemuan/${group.id}`, t("plan.meeting", { group: group.name }), muted(sessionName(session, caseload)),
    matters.has(`${group.id}/${session}`) ? waits(t("waits")) : next("calendar-days", when));
}

export function sheetCard(sheet, { matters }) {
  const left = sheet.members.length - recorded(sheet);
  return card(`#/lembar/${sheet.id}`, sheet.name, muted(`${sheet.kind_name}, ${sheet.village}`),
    left ? next("clipboard-check", t("sheets.left", { n: left, of: sheet.members.length })) : muted(t("sheets.all", { n: sheet.members.length })),
    matters.has(sheet.id) && waits(t("waits")));
}
