// The members of a sheet, each with − and + for every month. What nobody touched is not recorded.
import { button, h, icon } from "./dom.js";
import { monthInWords } from "./clock.js";
import { keyOf, kindsOf, nothing, within } from "./sheet.js";
import { t } from "./words.js";

const MONTHS = [1, 2, 3];
const EVERY = { EDUCATION: 0 };

// {element, cells(), show()}. `served(month)`: whether there was school or service; told anew by show().
export function memberCards(sheet, before, { words, served, changed }) {
  const cells = new Map(Object.entries(before));
  const open = sheet.members.filter((one) => !one.recorded);
  const cards = [...open, ...sheet.members.filter((one) => one.recorded)].map((one) => memberCard(one, sheet, { cells, words, served, touched }));
  const count = h("p", { class: "f-muted", role: "status" });

  function touched() {
    tell();
    changed();
  }

  function tell() {
    count.replaceChildren(t("cells.count", { n: sheet.members.filter((one) => cells.has(keyOf(one))).length, of: sheet.members.length }));
  }

  function all() {
    for (const one of open) if (!cells.has(keyOf(one))) cells.set(keyOf(one), whole(one.obligation));
    show();
    touched();
  }

  function show() {
    for (const card of cards) card.show();
    tell();
  }

  return {
    element: h("div", { class: "govuk-form-group", "data-field": "cells" }, h("h2", {}, t("cells.title")),
      h("p", { class: "govuk-hint" }, t(sheet.school ? "cells.hint_school" : "cells.hint_clinic")),
      open.length > 0 && button(t(sheet.school ? "cells.all_school" : "cells.all_clinic"), all, { kind: "secondary" }), count,
      h("div", { class: "f-list", "data-fault": true }, cards.map((card) => card.element))),
    cells: () => Object.fromEntries(cells), show,
  };
}

// Nothing missed, or one visit a month.
function whole(obligation) {
  const [kind] = kindsOf(obligation);
  return Object.fromEntries(MONTHS.map((month) => [month, { ...nothing(obligation), [kind]: EVERY[obligation] ?? 1 }]));
}

function memberCard(one, sheet, { cells, words, served, touched }) {
  const key = keyOf(one);
  const state = h("span", { class: "f-member__state" });
  const months = MONTHS.map((month) => monthRows(one, month, monthInWords(sheet.months[month - 1]), { cells, changed }));
  const clear = button(t("cells.clear"), () => { cells.delete(key); changed(); }, { kind: "quiet", "aria-label": t("cells.clear_of", { name: one.name }) });
  const full = button(t(one.obligation === "EDUCATION" ? "cells.whole_school" : "cells.whole_clinic"), () => { cells.set(key, whole(one.obligation)); changed(); }, { kind: "secondary" });
  const element = h("details", { class: "f-member" },
    h("summary", {}, h("span", { class: "f-member__name" }, one.name), h("span", { class: "f-muted" }, words[one.obligation] ?? one.obligation), state),
    h("div", { class: "f-member__body" }, months.map((each) => each.element), h("div", { class: "g-actions" }, full, clear)));

  function changed() {
    show();
    touched();
  }

  function show() {
    const told = cells.get(key);
    element.dataset.state = told ? "told" : one.recorded ? "recorded" : "open";
    state.replaceChildren(icon(told ? "circle-check" : one.recorded ? "check" : "circle"), told ? inShort(one.obligation, told, served) : t(one.recorded ? "cells.recorded" : "cells.open"));
    clear.hidden = !told;
    for (const each of months) each.show(served);
  }
  return { element, show };
}

function inShort(obligation, told, served) {
  const counted = MONTHS.filter((month) => served(month) && told[month]).map((month) => told[month]);
  const sums = kindsOf(obligation).map((kind) => [kind, counted.reduce((sum, one) => sum + one[kind], 0)]).filter(([, sum]) => sum);
  if (!sums.length) return t(obligation === "EDUCATION" && counted.length ? "cells.none_missed" : "cells.none_counted");
  return sums.map(([kind, sum]) => t(`cells.sum_${kind}`, { n: sum })).join(", ");
}

function monthRows(one, month, name, { cells, changed }) {
  const key = keyOf(one);
  const closed = h("p", { class: "f-muted" }, t("cells.closed"));
  const steppers = kindsOf(one.obligation).map((kind) => stepper(kind));

  // A number of a month makes the others of that month 0: the sheet has them all, or none.
  function step(kind, by) {
    const told = cells.get(key) ?? {};
    const stands = told[month] ?? nothing(one.obligation);
    cells.set(key, { ...told, [month]: { ...stands, [kind]: within(stands[kind] + (told[month] ? by : Math.max(0, by))) } });
    changed();
  }

  function stepper(kind) {
    const words = { what: t(`cells.${kind}`), month: name, name: one.name };
    const value = h("output", { class: "f-step__value", "aria-label": t("cells.value_of", words) });
    const move = (sign, by) => h("button", {
      type: "button", class: "f-step__button", "aria-label": t(by > 0 ? "cells.more" : "cells.less", words), onclick: () => step(kind, by),
    }, sign);
    const element = h("div", { class: "f-step" }, h("span", { class: "f-step__what" }, words.what), move("−", -1), value, move("+", 1));
    return { element, show: () => value.replaceChildren(String(cells.get(key)?.[month]?.[kind] ?? "–")) };
  }

  const rows = h("div", {}, steppers.map((each) => each.element));
  return {
    element: h("div", { class: "f-month" }, h("h3", {}, name), closed, rows),
    show: (served) => {
      closed.hidden = served(month);
      rows.hidden = !served(month);
      for (const each of steppers) each.show();
    },
  };
}
