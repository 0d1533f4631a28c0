// What schools and clinics sign: those of the quarter, and one of them to fill.
import { alert, h, heading, link } from "../dom.js";
import { monthInWords } from "../clock.js";
import * as drafts from "../drafts.js";
import { entering, picker, placeNoter, refusal } from "../entering.js";
import { YES, faults, field, onDay, showFaults, typed } from "../fields.js";
import { memberCards } from "../members.js";
import { pendingOf } from "../needs.js";
import { EDGE_OF_PAPER } from "../photo.js";
import { nobody } from "./families.js";
import { sheetCard } from "./plan.js";
import { rowsOf, valuesOf, wrongRows } from "../sheet.js";
import { t } from "../words.js";

const MONTHS = [1, 2, 3];
const ROWS_EACH = 40; // an entry is 16,000 letters at most; a larger school goes in several

export function sheetsScreen(shared) {
  const { caseload, rows } = shared;
  const pending = pendingOf(rows);
  const quarters = [...new Set(caseload.sheets.map((one) => one.quarter))].sort().reverse();
  return [
    ...heading(t("sheets.title")), nobody(shared) ?? h("p", {}, t(quarters.length ? "sheets.about" : "sheets.none")),
    ...quarters.map((quarter) => {
      const own = caseload.sheets.filter((one) => one.quarter === quarter);
      return h("section", {}, h("h2", {}, quarterInWords(own[0])), h("ul", { class: "f-list" }, own.map((one) => sheetCard(one, pending))));
    }),
  ];
}

function quarterInWords({ months }) {
  return t("sheets.quarter", { from: monthInWords(months[0]), to: monthInWords(months[2]), year: months[2].slice(0, 4) });
}

export async function sheetScreen(shared, id, mends) {
  const { caseload, today } = shared;
  const sheet = caseload.sheets.find((one) => one.id === id);
  if (!sheet) return missing();
  const one = await entering(shared, { draft: drafts.place("sheet", id, mends ?? ""), mends, ofBody: valuesOf });
  const fields = [...signedFields(sheet, today), ...monthFields(sheet)];
  const drawn = (each) => field(each, one.values[each.name] ?? each.value ?? "");
  const cards = memberCards(sheet, one.values.cells ?? {}, { words: caseload.words.obligation ?? {}, served, changed: one.changed });
  const read = () => ({ ...typed(form, fields), cells: cards.cells() });
  const months = h("fieldset", { class: "govuk-fieldset f-months" }, h("legend", { class: "govuk-fieldset__legend" }, t("sheet.months")),
    monthFields(sheet).map(drawn));
  const form = one.form(read, submit, months, cards.element,
    h("h2", {}, t("sheet.signed")), signedFields(sheet, today).map(drawn), picker(one, t("sheet.photo"), { edge: EDGE_OF_PAPER }), placeNoter(one));
  months.addEventListener("change", () => cards.show());
  cards.show();

  function served(month) {
    return form?.elements[`service_${month}`]?.value !== "no";
  }

  function submit() {
    const told = read();
    const rows = rowsOf(sheet, told);
    showFaults(form, [...faults(fields, told), ...wrongRows(sheet, told, rows)]);
    if (form.querySelector(".govuk-error-summary")) return;
    const shown = { title: t("sheet.shown"), name: sheet.name, family_no: quarterInWords(sheet), screen: `lembar/${id}` };
    const parts = Array.from({ length: Math.ceil(rows.length / ROWS_EACH) }, (_, part) => rows.slice(part * ROWS_EACH, (part + 1) * ROWS_EACH));
    one.save(parts.map((part) => ({ kind: "commitments.sheet", body: bodyOf(sheet, told, part), shown })), "lembar");
  }

  return [
    ...heading(sheet.name, h("p", { class: "f-muted" }, [sheet.kind_name, sheet.npsn, sheet.village, quarterInWords(sheet)].filter(Boolean).join(" · "))),
    refusal(one, form), one.said, form, h("p", {}, link(t("cancel"), "#/lembar", { kind: "quiet" })),
  ];
}

function signedFields({ months }, today) {
  const signed = onDay(today, "signed_on", t("sheet.signed_on"));
  return [
    { name: "signer_name", label: t("sheet.signer"), most: 200, words: true, required: t("sheet.fault_signer") },
    { name: "signer_role", label: t("sheet.role"), most: 200, words: true, required: t("sheet.fault_role") },
    { name: "place", label: t("sheet.place"), most: 200, words: true, required: t("sheet.fault_place") },
    { ...signed, check: (value) => signed.check(value) || (value < months[0] ? t("sheet.fault_early") : "") },
  ];
}

// Of each month whether there was school or service at all, and of a school its days, said once for all pupils.
function monthFields({ months, school }) {
  return MONTHS.flatMap((month) => {
    const name = monthInWords(months[month - 1]);
    return [
      {
        name: `service_${month}`, label: t("sheet.service", { month: name }), type: "select", value: YES,
        choices: [[YES, t("sheet.service_yes")], ["no", t("sheet.service_no")]],
      },
      ...(school ? [{
        name: `days_${month}`, label: t("sheet.days", { month: name }), type: "number",
        check: (value) => (value && !(/^\d+$/.test(value) && Number(value) <= 31) ? t("fault.number") : ""),
      }] : []),
    ];
  });
}

function bodyOf({ facility, quarter, base, school }, told, rows) {
  const each = (value) => Object.fromEntries(MONTHS.map((month) => [month, value(month)]));
  return {
    facility, quarter, base, signer_name: told.signer_name, signer_role: told.signer_role, place: told.place, signed_on: told.signed_on,
    service: each((month) => told[`service_${month}`] === YES),
    ...(school && { days: each((month) => (told[`days_${month}`] ? Number(told[`days_${month}`]) : null)) }), rows,
  };
}

function missing() {
  return [...heading(t("sheet.missing")), alert("info", t("sheet.missing_why"), h("p", {}, t("missing.kept"))),
    h("p", {}, link(t("saved.sheets"), "#/lembar"))];
}
