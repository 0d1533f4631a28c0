// What waits, and what the server said of the rest in its own words.
import { alert, button, h, heading, icon, link, muted } from "../dom.js";
import { inWords } from "../clock.js";
import { HERE } from "../entering.js";
import { beginning } from "../fields.js";
import { haveRead, withdraw } from "../queue.js";
import { patchIfRoom } from "../store.js";
import { explained } from "./pin.js";
import { t } from "../words.js";

// Reasons that do not go away by waiting.
const TOLD = ["login", "denied", "other", "old"];
const SIGNS = { WAITING: "clock", REFUSED: "circle-x", CONFLICT: "triangle-alert", QUARANTINED: "inbox", ACCEPTED: "check" };

export const state = (row) => t(`state.${row.state}`);

// Those she has read come back when somebody has decided.
export const visible = (rows) => rows.filter((row) => !row.read || row.answer?.decided);

export function outboxScreen({ state: { stopped, dropped }, rows, changed }) {
  const seen = visible(rows);
  const waiting = seen.filter((row) => row.state === "WAITING");
  const said = seen.filter((row) => row.state !== "WAITING");
  return [
    ...heading(t("outbox.title")), TOLD.includes(stopped) && explained(stopped), dropped > 0 && gone(dropped, changed),
    said.length > 0 && h("section", {}, h("h2", {}, t("outbox.said")), h("ul", { class: "f-list" }, said.map((row) => line(row, changed)))),
    h("section", {}, h("h2", {}, t("outbox.waiting", { count: waiting.length })),
      waiting.length ? h("ul", { class: "f-list" }, waiting.map((row) => line(row, changed))) : h("p", {}, t("outbox.empty"))),
  ];
}

// Half-typed forms that went with what is hers no longer.
function gone(count, changed) {
  const read = async () => { await patchIfRoom({ dropped: 0 }); await changed(); };
  return alert("info", t("outbox.dropped", { n: count }), h("p", {}, t("outbox.dropped_why")),
    button(t("outbox.read"), read, { kind: "secondary" }));
}

function line(row, changed) {
  const { title, name, family_no } = row.shown;
  const { made_at, photos } = row.entry;
  return h("li", { class: "f-line" },
    h("strong", {}, title), muted([name, family_no].filter(Boolean).join(" · ")),
    h("span", { class: `f-state f-state--${row.state.toLowerCase()}` }, icon(SIGNS[row.state]), state(row)),
    made_at && muted(photos.length ? t("outbox.made_with", { when: inWords(made_at), n: photos.length }) : t("outbox.made", { when: inWords(made_at) })),
    row.problem && h("span", {}, row.problem),
    row.answer?.why?.length > 0 && h("ul", {}, row.answer.why.map((one) => h("li", {}, reason(row, one)))),
    row.answer?.decided && decision(row.answer.decided), row.state === "WAITING" ? undoing(row, changed) : actions(row, changed));
}

// With the name of its field before it, as the form had it; entries of before the app kept those have none.
const reason = ({ shown }, { field, words }) => beginning(shown.labels?.[HERE[field] ?? field], words);

function decision(decided) {
  return alert(decided.accepted ? "good" : "bad", t(decided.accepted ? "outbox.yes" : "outbox.no"),
    decided.words && h("p", {}, decided.words));
}

const whatOf = ({ shown }) => ({ what: [shown.title, shown.name].filter(Boolean).join(" ") });

// Before its first try it is hers alone: it may be corrected, or taken back after she was asked. Later the server may have it.
function undoing(row, changed) {
  if (!row.untried) return muted(t("undo.tried"));
  const what = whatOf(row);
  const place = h("div", { class: "g-actions" });
  const offer = () => place.replaceChildren(...[
    mender(row) && link(t("mend"), `#/${mender(row)}?mends=${row.id}`, { kind: "secondary", "aria-label": t("mend.what", what) }),
    button(t("undo"), ask, { kind: "quiet", "aria-label": t("undo.what", what) }),
  ].filter(Boolean));
  const ask = () => {
    place.replaceChildren(alert("warn", t("undo.sure"), h("p", {}, t("undo.words")), h("div", { class: "g-actions" },
      button(t("undo.yes"), async () => { await withdraw(row); await changed(); }, { kind: "danger", "aria-label": t("undo.yes_what", what) }),
      button(t("undo.no"), offer, { kind: "secondary" }))));
    place.querySelector("button").focus();
  };
  offer();
  return place;
}

function actions(row, changed) {
  const what = whatOf(row);
  return h("div", { class: "g-actions" },
    row.state === "REFUSED" && mender(row) && link(t("mend"), `#/${mender(row)}?mends=${row.id}`, { "aria-label": t("mend.what", what) }),
    button(t("outbox.read"), async () => { await haveRead(row); await changed(); }, { kind: "secondary", "aria-label": t("outbox.read_what", what) }));
}

// `route` is what entries of before the app knew groups and schools have.
function mender({ shown, entry }) {
  return shown.screen ?? (shown.route && `catat/${entry.family}/${shown.route}`);
}
