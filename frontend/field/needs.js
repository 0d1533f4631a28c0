// What waits to be done: by family, by group, by school; and what of it is entered already and waits to be sent.
import { dayInWords, daysAfter } from "./clock.js";
import { kindOf } from "./graduation.js";
import { stageInWords, t } from "./words.js";

const SOON_DAYS = 7;

// {families, matters}: ids of families, and of payments, absences, decisions, cases, groups and sheets, entries wait about.
export function pendingOf(rows) {
  const waiting = rows.filter((row) => row.state === "WAITING").map((row) => row.entry);
  const matters = waiting.flatMap(({ family, kind, body }) => [
    body.payment_id, body.attendance, body.decision && `${body.decision}/${kind}`, body.case && `${body.case}/${kind}`,
    body.kind && `${family}/${body.kind}`,
    body.group && `${body.group}/${body.session_code}`, body.facility && `${body.facility}/${body.quarter}`,
  ]);
  return { families: new Set(waiting.map((entry) => entry.family).filter(Boolean)), matters: new Set(matters.filter(Boolean)) };
}

// [{words, done, later}] of one family: what becomes of money, whom to ask, what to tell, what its way out of the programme
// still needs, whom to place. `done`: entered, not sent; `later`: no day of hers waits for it.
export function needsOf(family, { absences, words }, { matters }) {
  return [
    ...family.tasks.map((one) => ({
      words: t("tell.task", { kind: one.kind_name, stage: stageInWords(one.stage) }), done: matters.has(one.payment_id),
    })),
    ...absences.filter((one) => one.family === family.id).map((one) => ({
      words: t("need.ask", { day: dayInWords(one.on_day) }), done: matters.has(one.id),
    })),
    ...(family.decisions ?? []).filter((one) => !one.told_on).map((one) => ({
      words: t("need.tell", { stage: stageInWords(one.stage) }), done: matters.has(`${one.id}/commitments.told`),
    })),
    ...(family.new ?? []).map((one) => ({ words: newOf(one), done: matters.has(heldBy(family, one)) })),
    ...stepsOf(family).map((step) => ({ words: t(`graduation.${step}`), done: isEntered(family, step, matters) })),
    ...unplaced(family).map((one) => ({ words: t("need.place", { name: one.name, duties: dutiesOf(one, words) }), done: false, later: true })),
  ];
}

// Another account or collector, before money goes there.
export const newOf = ({ what, from }) => t(`need.new_${what}`, { day: dayInWords(from) });

// Entered: that the family did not ask for it.
export const heldBy = (family, { what }) => `${family.id}/HOLD_${what}`;

// What a proposal of graduation still lacks, or that the family is to be told.
export function stepsOf({ graduation }) {
  return graduation ? [...graduation.missing, ...(graduation.approval ? ["TOLD"] : [])] : [];
}

export const isEntered = ({ graduation }, step, matters) => matters.has(`${graduation.case}/${kindOf(step)}`);

// Members with a duty and no school or clinic, who are on no sheet.
export const unplaced = ({ members }) => members.filter((one) => one.unplaced?.length);

export const dutiesOf = ({ unplaced: duties }, { obligation }) => duties.map((one) => obligation?.[one] ?? one).join(", ");

export const objections = (family) => (family.decisions ?? []).filter((one) => one.told_on);

// Planned and not told, until a week from now; what is past stays until it is told.
export function meetingsSoon({ groups }, today) {
  const last = daysAfter(today, SOON_DAYS);
  return groups.filter((one) => one.next && one.next.day <= last);
}

// Nobody signs for a quarter before its last month has begun.
export function sheetsDue({ sheets }, today) {
  return sheets.filter((one) => one.months[2] <= today && one.members.some((member) => !member.recorded));
}

export const recorded = (sheet) => sheet.members.filter((one) => one.recorded).length;

export function sessionName(code, { sessions }) {
  const one = sessions.find((each) => each.code === code);
  return one ? `${code} · ${one.title || one.module}` : code;
}
