// What waits, and what the server said of the rest in its own words.
import { alert, button, h, heading, icon, link } from "../dom.js";
import { inWords } from "../clock.js";
import { haveRead } from "../queue.js";

const STATES = {
  WAITING: ["clock", "Menunggu dikirim"], REFUSED: ["circle-x", "Ditolak server"],
  CONFLICT: ["triangle-alert", "Bertentangan: kantor yang memutuskan"], QUARANTINED: ["inbox", "Ditahan: kantor yang memutuskan"],
};

export const state = (row) => STATES[row.state][1];

// Those she has read come back when somebody has decided.
export const visible = (rows) => rows.filter((row) => !row.read || row.answer?.decided);

export function outboxScreen({ rows, changed }) {
  const seen = visible(rows);
  const waiting = seen.filter((row) => row.state === "WAITING");
  const said = seen.filter((row) => row.state !== "WAITING");
  return [
    ...heading("Kotak kirim"),
    said.length > 0 && h("section", {}, h("h2", {}, "Jawaban server"), h("ul", { class: "f-list" }, said.map((row) => line(row, changed)))),
    h("section", {}, h("h2", {}, `Menunggu dikirim (${waiting.length})`),
      waiting.length ? h("ul", { class: "f-list" }, waiting.map((row) => line(row, changed))) : h("p", {}, "Semua sudah terkirim.")),
  ];
}

function line(row, changed) {
  const [sign, words] = STATES[row.state];
  return h("li", { class: "f-line" },
    h("strong", {}, row.shown.title), h("span", { class: "f-muted" }, `${row.shown.name} · ${row.shown.family_no}`),
    h("span", { class: `f-state f-state--${row.state.toLowerCase()}` }, icon(sign), words),
    row.entry.made_at && h("span", { class: "f-muted" }, `Dicatat ${inWords(row.entry.made_at)}${row.entry.photos.length ? `, ${row.entry.photos.length} foto` : ""}`),
    row.problem && h("span", {}, row.problem),
    row.answer?.why?.length > 0 && h("ul", {}, row.answer.why.map((one) => h("li", {}, one.words))),
    row.answer?.decided && decision(row.answer.decided), row.state !== "WAITING" && actions(row, changed));
}

function decision(decided) {
  return alert(decided.accepted ? "good" : "bad", decided.accepted ? "Kantor menerimanya" : "Kantor menolaknya",
    decided.words && h("p", {}, decided.words));
}

function actions(row, changed) {
  const mend = row.state === "REFUSED" && row.shown.route;
  return h("div", { class: "g-actions" },
    mend && link("Perbaiki", `#/catat/${row.entry.family}/${row.shown.route}?mends=${row.id}`, { "aria-label": `Perbaiki ${row.shown.title} ${row.shown.name}` }),
    button("Sudah saya baca", async () => { await haveRead(row); await changed(); }, { kind: "secondary", "aria-label": `Sudah saya baca: ${row.shown.title} ${row.shown.name}` }));
}
