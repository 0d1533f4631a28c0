// What can be entered about a family: fields as the site's forms ask, and the body as the contract has it. Words of codes
// come with the caseload; the server has the last word on each.
import { YES, onDay, pairs } from "./fields.js";
import { dayInWords } from "./clock.js";
import { GRADUATION } from "./graduation.js";
import { newOf } from "./needs.js";
import { stageInWords, t } from "./words.js";

const REASON_MIN = 8;
const WORDS_MIN = 5;
const REPORT_MIN = 10;
const PROVEN = ["COLLECTOR", "DEATH", "IDENTITY"];
const ELSEWHERE = "ELSE";
const SCHOOLS = ["SD", "SMP", "SMA"];

const choose = () => t("fault.choose");

const saysOther = (...names) => (value, values) => (
  !value && names.some((name) => ["OTHER", "ELSE"].includes(values[name])) ? t("fault.other") : ""
);
const longEnough = (least, words) => (value) => (value && value.length < least ? words() : "");

const note = (check, most = 500) => ({ name: "note", label: t("note"), type: "area", check, most, hint: t("note.hint") });

const FORMS = { tell, visit, change, ask, told, appeal, report, ...GRADUATION };

// {kind, title, fields, photos, picks, where, about, body(values), values(body)} of what a screen names: tell/<payment>, visit,
// change/<KIND>, ask/<attendance>, told/<decision>, appeal/<decision>, report, graduation.<step>/<case>. `picks`: how large
// photos are kept, and how many. Null where the phone knows of no such thing.
export function formOf(what, about, given) {
  return FORMS[what]?.(about, given) ?? null;
}

const same = { body: (values) => values, values: (body) => body };

function tell(paymentId, { family, words, today }) {
  const task = family.tasks.find((one) => one.payment_id === paymentId);
  return {
    kind: "follow_up.tell", title: t("tell.title"),
    about: task && `${t("tell.task", { kind: task.kind_name, stage: stageInWords(task.stage) })}. ${task.reason ?? ""}`,
    fields: [
      onDay(today),
      { name: "how", label: t("how"), type: "choice", choices: pairs(words.how), required: choose() },
      { name: "found", label: t("tell.found"), type: "choice", choices: pairs(words.found), required: choose() },
      {
        name: "reason_code", label: t("tell.reason"), type: "select", value: task?.code ?? "",
        choices: [["", t("tell.reason_unknown")], ...pairs(words.reasons)], hint: t("tell.reason_hint"),
      },
      note(saysOther("found")),
    ],
    body: (values) => ({ payment_id: paymentId, ...values }),
    values: (body) => body,
  };
}

function visit(_about, { words, today }) {
  return {
    kind: "field.visit", title: t("visit.title"), photos: t("photo.paper"), where: true,
    fields: [
      onDay(today),
      { name: "purpose", label: t("visit.purpose"), type: "choice", choices: pairs(words.purpose), required: choose() },
      { name: "result", label: t("visit.result"), type: "choice", choices: pairs(words.result), required: choose() },
      {
        name: "found_case", label: t("visit.case"), type: "select",
        choices: [["", t("none")], ...pairs(words.found_case)],
      },
      note(saysOther("purpose", "result", "found_case")),
    ],
    ...same,
  };
}

// Why a family did not come to a meeting.
function ask(attendance, { absences, words, today }) {
  const absence = absences.find((one) => one.id === attendance);
  return {
    kind: "family_sessions.ask", title: t("ask.title"),
    about: absence && t("ask.about", { group: absence.group, session: absence.session, day: dayInWords(absence.on_day) }),
    fields: [
      onDay(today),
      { name: "how", label: t("how"), type: "choice", choices: pairs(words.absence_how), required: choose() },
      { name: "why", label: t("ask.title"), type: "choice", choices: pairs(words.absence_why), required: choose() },
      { name: "conveyed", label: t("ask.conveyed"), type: "tick" },
      note((value, values) => (!value && values.why === "OTHER" ? t("ask.fault_why") : ""), 300),
    ],
    body: ({ conveyed, ...values }) => ({ attendance, ...values, conveyed: conveyed === YES }),
    values: ({ conveyed, ...body }) => ({ ...body, conveyed: conveyed ? YES : "" }),
  };
}

function told(decision, given) {
  return step("commitments.told", t("told.title"), t("told.words"), decision, given, true);
}

function appeal(decision, given) {
  return step("commitments.appeal", t("appeal.title"), t("appeal.words"), decision, given);
}

function step(kind, title, label, id, { family, today }, where = false) {
  const decision = family.decisions?.find((one) => one.id === id);
  const until = decision?.appeal_until;
  return {
    kind, title, where,
    about: decision && [
      `${t("decision.stage", { stage: stageInWords(decision.stage) })}: ${decision.effect_words}.`, decision.reason,
      until && t("decision.until", { day: dayInWords(until) }),
    ].filter(Boolean).join(" "),
    fields: [
      onDay(today),
      {
        name: "words", label, type: "area", most: 1000, required: t("fault.write"), hint: t("note.hint"),
        check: longEnough(WORDS_MIN, () => t("fault.short")),
      },
    ],
    body: (values) => ({ decision: id, ...values }),
    values: (body) => body,
  };
}

// A complaint or question the family gives her to take along.
function report(_about, { words }) {
  return {
    kind: "helpdesk.tell", title: t("report.title"), about: t("report.about"),
    fields: [
      { name: "kind", label: t("report.kind"), type: "select", choices: [["", t("report.choose")], ...pairs(words.case_kinds)], required: choose() },
      {
        name: "words", label: t("report.words"), type: "area", most: 2000, rows: 6, required: t("fault.write"), hint: t("report.hint"),
        check: longEnough(REPORT_MIN, () => t("fault.short")),
      },
    ],
    ...same,
  };
}

function change(kind, { family, villages, words, today }) {
  const own = kind === "MOVE" ? move(villages) : ofKind(kind, family, today);
  const about = (family.new ?? []).find(({ what }) => kind === `HOLD_${what}`);
  return own && {
    kind: "registry.change", title: t("change.title", { what: words.change?.[kind] ?? kind }), photos: t("photo.paper"),
    about: about && `${newOf(about)}. ${t("hold.what")}`,
    fields: [...own, ...evidence(kind)],
    body: ({ reason, village_code, ...values }) => ({
      kind, reason,
      fields: { ...numbered(values.village === ELSEWHERE ? { ...values, village: village_code } : values), ...(about && { from: about.from }) },
    }),
    values: (body) => ({ ...placed(body.fields, villages), reason: body.reason }),
  };
}

function numbered(values) {
  return "pregnancy_no" in values && values.pregnancy_no
    ? { ...values, pregnancy_no: Number(values.pregnancy_no) } : values;
}

function ofKind(kind, family, today) {
  const past = { type: "day", required: t("fault.no_day"), check: (value) => (value > today ? t("fault.to_come") : "") };
  const fields = {
    BIRTH: [
      { name: "name", label: t("birth.name"), most: 120, required: t("birth.fault_name") },
      { name: "birth_date", label: t("birth.day"), ...past },
      { name: "sex", label: t("birth.sex"), type: "choice", choices: [["F", t("sex.F")], ["M", t("sex.M")]], required: t("birth.fault_sex") },
    ],
    DEATH: [member(family), { name: "day", label: t("date"), ...past }],
    LEFT: [member(family), { name: "day", label: t("date"), ...past }],
    SCHOOL_LEVEL: [member(family), {
      name: "school_level", label: t("school"), type: "select",
      choices: [["", t("school.none")], ...SCHOOLS.map((level) => [level, t("school.level", { level })])],
    }],
    PREGNANCY: [member(family, (one) => one.sex === "F"), {
      name: "pregnancy_no", label: t("pregnancy"), type: "number", hint: t("pregnancy.hint"),
      check: (value) => (value && !(Number.isInteger(Number(value)) && value >= 1 && value <= 20) ? t("fault.number") : ""),
    }],
    DISABILITY: [member(family), {
      name: "severe_disability", label: t("disability"), type: "choice", choices: [["yes", t("yes")], ["no", t("no")]],
      required: t("fault.yes_no"),
    }],
    IDENTITY: identity(family, today),
    COLLECTOR: [member(family, (one) => !one.collector)],
    HOLD_ACCOUNT: [],
    HOLD_COLLECTOR: [],
  };
  return fields[kind];
}

// What was recorded wrongly of a member; what is left as it is stays.
function identity(family, today) {
  const nothing = ({ name, birth_date: born, sex }) => !name && !born && !sex;
  return [
    member(family),
    {
      name: "name", label: t("identity.name"), most: 120, hint: t("identity.hint"),
      check: (_, values) => (nothing(values) ? t("identity.fault") : ""),
    },
    { name: "birth_date", label: t("identity.day"), type: "day", hint: t("identity.hint"), check: (value) => (value > today ? t("fault.to_come") : "") },
    { name: "sex", label: t("identity.sex"), type: "choice", choices: [["", t("identity.stays")], ["F", t("sex.F")], ["M", t("sex.M")]] },
  ];
}

// A village of her districts by its name, or the code of one elsewhere.
function move(villages) {
  const groups = villages.map(({ code, name, villages: own }) => [name, pairs(own).map(([rest, words]) => [code + rest, words])]);
  return [
    {
      name: "village", label: t("move.village"), type: "select", required: t("move.fault_none"),
      choices: [["", t("move.choose")], ...groups, [ELSEWHERE, t("move.elsewhere")]],
    },
    {
      name: "village_code", label: t("move.code"), most: 13, inputmode: "decimal", hint: t("move.hint"), only: isElsewhere,
      check: (value, values) => (isElsewhere(values) && value.replace(/\D/g, "").length !== 10 ? t("move.fault") : ""),
    },
  ];
}

const isElsewhere = ({ village }) => village === ELSEWHERE;

// As the form has it: a village that is not among hers was given by its code.
function placed({ village, ...fields }, villages) {
  if (!village) return fields;
  const hers = villages.some(({ code, villages: own }) => village.startsWith(code) && own[village.slice(code.length)]);
  return { ...fields, ...(hers ? { village } : { village: ELSEWHERE, village_code: village }) };
}

function member(family, fits = () => true) {
  const choices = family.members.filter(fits).map((one) => [one.id, one.name]);
  return { name: "member", label: t("member"), type: "select", choices: [["", t("member.choose")], ...choices], required: t("member.fault") };
}

function evidence(kind) {
  return [
    {
      name: "reason", label: t("reason"), type: "area", most: 1000, required: t("reason.fault_none"),
      check: (value) => (value.length < REASON_MIN ? t("reason.fault") : ""),
    },
    {
      name: "evidence_words", label: t("evidence"), most: 1000, hint: t("evidence.hint"),
      check: (value, values) => (PROVEN.includes(kind) && !value && !values.photos ? t("evidence.fault") : ""),
    },
  ];
}
