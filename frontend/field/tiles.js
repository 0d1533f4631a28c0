// Names as large tiles; a tap goes on to the next state. Nobody is there before she says so.
import { button, h, icon } from "./dom.js";
import { t } from "./words.js";

const NEXT = { "": "PRESENT", PRESENT: "ABSENT", ABSENT: "EXCUSED", EXCUSED: "REPRESENTED", REPRESENTED: "PRESENT" };
const SIGNS = { "": "circle", PRESENT: "circle-check", ABSENT: "circle-x", EXCUSED: "mail", REPRESENTED: "users-2" };

// {element, states(), open()}: states by id; how many have none.
export function tiles(people, before, { states: words, changed }) {
  const states = new Map(people.map((one) => [one.id, NEXT[before[one.id]] ? before[one.id] : ""]));
  const count = h("p", { class: "f-muted", role: "status" });
  const made = new Map(people.map((one) => [one.id, tile(one)]));

  function tile(one) {
    const state = h("span", { class: "f-tile__state" });
    const element = h("button", { type: "button", class: "f-tile", onclick: () => set(one.id, NEXT[states.get(one.id)]) },
      h("span", { class: "f-tile__initials", "aria-hidden": "true" }, initials(one.name)), h("span", { class: "f-tile__name" }, one.name), state);
    const show = () => {
      const now = states.get(one.id);
      element.dataset.state = now.toLowerCase();
      element.toggleAttribute("data-open", !now);
      state.replaceChildren(icon(SIGNS[now]), now ? words[now] ?? now : t("tiles.open"));
    };
    return { element, show };
  }

  function set(id, state) {
    states.set(id, state);
    made.get(id).show();
    tell();
    changed();
  }

  function all() {
    for (const [id, state] of states) if (!state) set(id, "PRESENT");
  }

  function tell() {
    const told = [...states.values()];
    const by = (state) => told.filter((one) => one === state).length;
    const parts = Object.keys(SIGNS).filter((state) => state && by(state)).map((state) => `${by(state)} ${(words[state] ?? state).toLocaleLowerCase()}`);
    count.replaceChildren([...parts, ...(by("") ? [t("tiles.left", { n: by("") })] : [])].join(" · "));
  }

  for (const one of made.values()) one.show();
  tell();
  return {
    element: h("div", { class: "govuk-form-group f-tiles", "data-field": "attendance", role: "group", "aria-labelledby": "hadir" },
      h("h2", { id: "hadir" }, t("tiles.title")), h("p", { class: "govuk-hint" }, t("tiles.hint")),
      button(t("tiles.all"), all, { kind: "secondary" }), count,
      h("div", { class: "f-tiles__all", "data-fault": true }, [...made.values()].map((one) => one.element))),
    states: () => Object.fromEntries(states),
    open: () => [...states.values()].filter((one) => !one).length,
  };
}

function initials(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  return (parts[0]?.[0] ?? "") + (parts.length > 1 ? parts.at(-1)[0] : "");
}
