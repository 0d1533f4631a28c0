// A form from a list of fields: {name, label, type, choices, hint, required, value, check}. Types: text, area, day, time,
// choice, select, number, tick, signature. A `check` gives the sentence of what is wrong; `words`: people write there, no number.
// Choices are [code, words], in a select also [words, choices] for a group; `only`: asked where this is true of the answers.
import { pad, textOf } from "../scripts/signature.js";
import { button, h } from "./dom.js";
import { t } from "./words.js";

const LONG_NUMBER = /\d(?:[\s.-]?\d){8,}/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const KINDS = { day: "date", number: "number", time: "time" };

export const YES = "yes";

export const pairs = (told) => Object.entries(told ?? {});

export const onDay = (today, name = "on_day", label = t("day")) => ({
  name, label, type: "day", value: today, required: t("fault.no_day"),
  check: (value) => (value > today ? t("fault.to_come") : ""),
});

export function field(one, value = one.value ?? "") {
  if (one.type === "signature") return signature(one, value);
  if (one.type === "choice") return choice(one, value);
  if (one.type === "tick") return tick(one, value);
  const hint = one.hint && h("div", { class: "govuk-hint", id: `${one.name}-hint` }, one.hint);
  return h("div", { class: "govuk-form-group", "data-field": one.name },
    h("label", { class: "govuk-label", for: one.name }, one.label), hint, input(one, value, hint));
}

function input(one, value, hint) {
  const shared = { id: one.name, name: one.name, "aria-describedby": hint ? `${one.name}-hint` : null };
  if (one.type === "area") {
    return h("textarea", { ...shared, class: "govuk-textarea", rows: one.rows ?? 3, maxlength: one.most ?? 500, autocomplete: "off" }, value);
  }
  if (one.type === "select") {
    const option = ([code, words]) => h("option", { value: code, selected: code === value }, words);
    const options = one.choices.map((each) => (Array.isArray(each[1]) ? h("optgroup", { label: each[0] }, each[1].map(option)) : option(each)));
    return h("select", { ...shared, class: "govuk-select" }, options);
  }
  return h("input", {
    ...shared, class: "govuk-input", type: KINDS[one.type] ?? "text", value, maxlength: one.most, autocomplete: "off",
    inputmode: one.inputmode ?? (one.type === "number" ? "numeric" : null),
  });
}

function choice(one, value) {
  const items = one.choices.map(([code, words], place) => {
    const id = place ? `${one.name}-${place}` : one.name;
    return h("div", { class: "govuk-radios__item" },
      h("input", { class: "govuk-radios__input", type: "radio", name: one.name, id, value: code, checked: code === value }),
      h("label", { class: "govuk-label govuk-radios__label", for: id }, words));
  });
  return h("div", { class: "govuk-form-group", "data-field": one.name },
    h("fieldset", { class: "govuk-fieldset", "aria-describedby": one.hint ? `${one.name}-hint` : null },
      h("legend", { class: "govuk-fieldset__legend" }, one.label),
      one.hint && h("div", { class: "govuk-hint", id: `${one.name}-hint` }, one.hint), h("div", { class: "govuk-radios" }, items)));
}

// Its strokes are kept as text in a field that nobody sees, so that a draft has them too.
function signature(one, value) {
  const kept = h("input", { type: "hidden", name: one.name, value });
  const canvas = h("canvas", {
    class: "g-signature", width: 600, height: 240, role: "img", "aria-labelledby": `${one.name}-label`,
    "aria-describedby": `${one.name}-hint`, "data-fault": true,
  });
  const clear = pad(canvas, value ? JSON.parse(value) : [], (strokes) => {
    kept.value = textOf(strokes);
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return h("div", { class: "govuk-form-group", "data-field": one.name },
    h("p", { class: "govuk-label", id: `${one.name}-label` }, one.label), h("div", { class: "govuk-hint", id: `${one.name}-hint` }, one.hint),
    canvas, h("div", { class: "g-actions" }, button(t("signature.clear"), clear, { kind: "secondary" })), kept);
}

function tick(one, value) {
  return h("div", { class: "govuk-form-group", "data-field": one.name },
    h("div", { class: "govuk-checkboxes" }, h("div", { class: "govuk-checkboxes__item" },
      h("input", { class: "govuk-checkboxes__input", type: "checkbox", name: one.name, id: one.name, value: YES, checked: value === YES }),
      h("label", { class: "govuk-label govuk-checkboxes__label", for: one.name }, one.label))));
}

export function typed(form, fields) {
  const data = new FormData(form);
  return Object.fromEntries(fields.map((one) => [one.name, String(data.get(one.name) ?? "").trim()]));
}

// [[name, sentence]], empty where all is well.
export function faults(fields, values) {
  const found = [];
  for (const one of fields) {
    const value = values[one.name];
    const words = wrong(one, value) || one.check?.(value, values);
    if (words) found.push([one.name, words]);
  }
  return found;
}

function wrong(one, value) {
  if (one.required && !value) return one.required;
  if (one.type === "day" && value && !DAY.test(value)) return t("fault.day");
  if ((one.type === "area" || one.words) && LONG_NUMBER.test(value)) return t("fault.long_number");
  return "";
}

// Beside each field and in a summary at the top, which takes the focus.
export function showFaults(form, found) {
  for (const old of form.querySelectorAll(".govuk-error-summary, .govuk-error-message")) old.remove();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
  if (!found.length) return;
  for (const [name, words] of found) beside(groupOf(form, name), words);
  const summary = h("div", { class: "govuk-error-summary", role: "alert", tabindex: "-1" },
    h("h2", { class: "govuk-error-summary__title" }, t("fault.summary")),
    h("ul", {}, found.map(([name, words]) => h("li", {}, h("button", {
      type: "button", class: "f-jump", onclick: () => jump(groupOf(form, name)),
    }, called(form, name, words))))));
  form.prepend(summary);
  summary.focus();
}

// The sentence with the name of its field before it, as the site says it.
const called = (form, name, words) => beginning(labelOf(groupOf(form, name)), words);

export const beginning = (label, words) => (label ? `${label}: ${words}` : words);

const labelOf = (group) => group?.querySelector("legend, label, h2")?.textContent.trim();

// What its fields are called, by name: where a sentence about one is read without the form.
export const labelsOf = (form) => Object.fromEntries(
  [...form.querySelectorAll("[data-field]")].map((group) => [group.dataset.field, labelOf(group)]).filter(([, label]) => label),
);

const groupOf = (form, name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);

// Whether the form has such a field.
export const has = (form, name) => Boolean(name && groupOf(form, name));

// To what is still open where there are several.
function jump(group) {
  for (let around = group?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  (group?.querySelector("[data-open]") ?? group?.querySelector("input,select,textarea,button,summary"))?.focus();
}

function beside(group, words) {
  if (!group) return;
  group.classList.add("govuk-form-group--error");
  const said = h("p", { class: "govuk-error-message" }, words);
  const before = group.querySelector(".govuk-radios, .govuk-checkboxes, [data-fault]") ?? group.querySelector("input,select,textarea");
  if (before) before.before(said);
  else group.prepend(said);
}
