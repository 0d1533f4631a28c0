// One family: who it is, what it needs, what can be entered.
import { alert, h, heading, link } from "../dom.js";
import { dayInWords } from "../clock.js";
import { CHANGES } from "../kinds.js";
import { state as stateOf } from "./outbox.js";

const RUPIAH = new Intl.NumberFormat("id-ID");
const STATUS = { ACTIVE: "Aktif", SUSPENDED: "Ditangguhkan", PROPOSED: "Calon", VALIDATED: "Tervalidasi" };

export function familyScreen({ caseload, rows }, id) {
  const family = caseload.families.find((one) => one.id === id);
  if (!family) return missing();
  const words = caseload.words ?? {};
  const own = rows.filter((row) => row.entry.family === id);
  return [
    ...heading(family.name || "Tanpa pengurus"),
    h("p", { class: "f-muted" }, `${family.family_no} · ${family.village} · ${words.status?.[family.status] ?? STATUS[family.status] ?? family.status}`),
    own.length > 0 && h("section", {}, h("h2", {}, "Catatan di ponsel"), h("ul", { class: "f-list" }, own.map((row) => h("li", { class: "f-line" },
      h("strong", {}, row.shown.title), h("span", { class: "f-muted" }, stateOf(row)))))),
    h("section", {}, h("h2", {}, "Yang perlu ditanya"),
      family.tasks.length ? h("ul", { class: "f-list" }, family.tasks.map((one) => task(family, one))) : h("p", {}, "Tidak ada.")),
    h("p", { class: "g-actions" }, link("Catat kunjungan", `#/catat/${id}/visit`)),
    h("section", {}, h("h2", {}, "Anggota"), h("ul", { class: "f-list" }, family.members.map(member))),
    h("details", { class: "govuk-details" }, h("summary", { class: "govuk-details__summary f-summary" }, "Minta perubahan data"),
      h("ul", { class: "f-list" }, Object.entries(CHANGES).map(([kind, own]) => h("li", {},
        h("a", { class: "f-card f-card--plain", href: `#/catat/${id}/change/${kind}` }, words.change?.[kind] ?? own))))),
  ];
}

export function missing() {
  return [...heading("Keluarga ini tidak ada di ponsel"), alert("info", "Mungkin sudah didampingi orang lain",
    h("p", {}, "Catatan yang sudah Anda buat tetap dikirim; kantor yang memutuskan.")), h("p", {}, link("Ke daftar keluarga", "#/"))];
}

function task(family, one) {
  return h("li", { class: "f-line" },
    h("strong", {}, `${one.kind_name}, tahap ${one.stage}: Rp${RUPIAH.format(one.rupiah)}`),
    one.reason && h("span", {}, one.reason), one.step && h("span", {}, one.step),
    one.last_day && h("span", { class: "f-muted" }, `Terakhir ditanya ${dayInWords(one.last_day)}`),
    link("Catat hasil", `#/catat/${family.id}/tell/${encodeURIComponent(one.payment_id)}`, { "aria-label": `Catat hasil tahap ${one.stage}` }));
}

function member(one) {
  const more = [
    one.collector && "pengurus", one.school_level, one.pregnancy_no && `kehamilan ke-${one.pregnancy_no}`,
    one.disabled && "disabilitas berat",
  ].filter(Boolean);
  return h("li", { class: "f-line" }, h("strong", {}, one.name),
    h("span", { class: "f-muted" }, [`${one.sex === "F" ? "Perempuan" : "Laki-laki"}, lahir ${dayInWords(one.born)}`, one.nik4 && `NIK …${one.nik4}`, ...more].filter(Boolean).join(" · ")));
}
