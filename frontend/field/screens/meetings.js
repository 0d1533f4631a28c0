// Groups with their next meeting; and one meeting: everybody there by one tap, then who was not.
import { dayInWords } from "../clock.js";
import { alert, card, h, heading, link, muted, next, waits } from "../dom.js";
import * as drafts from "../drafts.js";
import { entering, picker, placeNoter, refusal } from "../entering.js";
import { faults, field, onDay, showFaults, typed } from "../fields.js";
import { pendingOf, sessionName } from "../needs.js";
import { nobody } from "./families.js";
import { EDGE_OF_PAPER } from "../photo.js";
import { tiles } from "../tiles.js";
import { t } from "../words.js";

const STARTS = "09:00";

export function groupsScreen(shared) {
  const { caseload, rows, today } = shared;
  const pending = pendingOf(rows);
  const groups = [...caseload.groups].sort((one, other) => (one.next?.day ?? "9").localeCompare(other.next?.day ?? "9"));
  return [
    ...heading(t("meetings.title")),
    groups.length ? h("ul", { class: "f-list" }, groups.map((one) => groupCard(one, caseload, today, pending))) : nobody(shared) ?? h("p", {}, t("meetings.none")),
  ];
}

function groupCard(group, caseload, today, { matters }) {
  const [last] = group.told;
  const waiting = caseload.sessions.some((one) => matters.has(`${group.id}/${one.code}`));
  const planned = group.next && t(group.next.day < today ? "meetings.late" : "meetings.next", { session: sessionName(group.next.session, caseload), day: dayInWords(group.next.day) });
  return card(`#/pertemuan/${group.id}`, group.name, muted(t("meetings.families", { village: group.village, n: group.families.length })),
    planned && next("calendar-days", planned),
    last && muted(t("meetings.last", { session: last.session, day: dayInWords(last.on_day) })), waiting && waits(t("waits")));
}

export async function meetingScreen(shared, id, mends) {
  const { caseload, today } = shared;
  const group = caseload.groups.find((one) => one.id === id);
  if (!group) return missing();
  const usual = await drafts.read(drafts.usualPlace(id));
  const one = await entering(shared, {
    draft: drafts.place("meeting", id, mends ?? ""), mends, blank: { ...usual?.values, session_code: group.next?.session ?? "" }, ofBody: valuesOf,
  });
  const who = tiles(familiesOf(group, caseload), one.values.attendance ?? {}, { states: caseload.words.attendance ?? {}, changed: one.changed });
  const fields = fieldsOf(caseload, today);
  const drawn = Object.fromEntries(fields.map((each) => [each.name, field(each, one.values[each.name] ?? each.value ?? "")]));
  const read = () => ({ ...typed(form, fields), attendance: who.states() });
  const form = one.form(read, submit,
    drawn.session_code, drawn.topic, who.element, drawn.place, drawn.agreed, picker(one, t("meeting.photo"), { edge: EDGE_OF_PAPER }),
    h("details", { class: "govuk-details" }, h("summary", { class: "govuk-details__summary f-summary" }, t("meeting.more")),
      drawn.on_day, drawn.starts, drawn.ends, drawn.speakers, placeNoter(one)));
  const free = () => { drawn.topic.hidden = !isFree(caseload, form.elements.session_code.value); };
  form.elements.session_code.addEventListener("change", free);
  free();

  async function submit() {
    const told = read();
    const open = who.open();
    showFaults(form, [...faults(fields, told), ...(open ? [["attendance", t("meeting.fault_open", { n: open })]] : [])]);
    if (form.querySelector(".govuk-error-summary")) return;
    await drafts.keep(drafts.usualPlace(id), { values: { place: told.place, starts: told.starts, ends: told.ends }, photos: [] });
    const title = t("meeting.shown", { session: told.session_code });
    await one.save([{
      kind: "family_sessions.meet", body: bodyOf(group, told, caseload), shown: { title, name: group.name, family_no: group.village, screen: `pertemuan/${id}` },
    }], "pertemuan");
  }

  return [
    ...heading(t("meeting.title", { group: group.name }), h("p", { class: "f-muted" }, t("meetings.families", { village: group.village, n: group.families.length }))),
    refusal(one, form), one.said, form, h("p", {}, link(t("cancel"), "#/pertemuan", { kind: "quiet" })),
  ];
}

const isFree = ({ sessions }, code) => sessions.find((one) => one.code === code)?.free ?? false;

function familiesOf(group, { families }) {
  const names = new Map(families.map((one) => [one.id, one.name || one.family_no]));
  return group.families.map((id) => ({ id, name: names.get(id) ?? t("meeting.other_family") }));
}

function fieldsOf(caseload, today) {
  const sessions = caseload.sessions.map((one) => [one.code, sessionName(one.code, caseload)]);
  return [
    { name: "session_code", label: t("meeting.session"), type: "select", choices: [["", t("meeting.choose")], ...sessions], required: t("fault.choose") },
    {
      name: "topic", label: t("meeting.topic"), most: 200, words: true,
      check: (value, { session_code }) => (!value && isFree(caseload, session_code) ? t("meeting.fault_topic") : ""),
    },
    onDay(today),
    { name: "starts", label: t("meeting.starts"), type: "time", value: STARTS, required: t("meeting.fault_time") },
    {
      name: "ends", label: t("meeting.ends"), type: "time",
      check: (value, { starts }) => (value && value <= starts ? t("meeting.fault_ends") : ""),
    },
    { name: "place", label: t("meeting.place"), most: 200, words: true, required: t("fault.write") },
    { name: "speakers", label: t("meeting.speakers"), most: 200, words: true, hint: t("meeting.speakers_hint") },
    { name: "agreed", label: t("meeting.agreed"), type: "area" },
  ];
}

function bodyOf(group, { attendance, ...told }, caseload) {
  return {
    group: group.id, ...told, topic: isFree(caseload, told.session_code) ? told.topic : "",
    attendance: group.families.map((family) => ({ family, state: attendance[family] })),
  };
}

function valuesOf({ group: _group, where: _where, attendance, ...told }) {
  return { ...told, attendance: Object.fromEntries(attendance.map((one) => [one.family, one.state])) };
}

function missing() {
  return [...heading(t("meeting.missing")), alert("info", t("missing.other"), h("p", {}, t("missing.kept"))),
    h("p", {}, link(t("saved.meetings"), "#/pertemuan"))];
}
