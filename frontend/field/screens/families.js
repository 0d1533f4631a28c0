// My families by village, with what each needs next; and today's plan: those among them with tasks.
import { h, heading, icon } from "../dom.js";

export function familiesScreen({ caseload, rows }, query, search) {
  const list = h("div", { id: "daftar" });
  const show = (text) => list.replaceChildren(...byVillage(found(caseload.families, text), rows, true));
  const box = h("input", {
    id: "cari", class: "govuk-input", type: "search", value: query, autocomplete: "off",
    oninput: (event) => { search(event.target.value); show(event.target.value); },
  });
  show(query);
  return [
    ...heading("Keluarga dampingan"),
    h("div", { class: "govuk-form-group" }, h("label", { class: "govuk-label", for: "cari" }, "Cari nama, nomor, atau desa"), box),
    list,
  ];
}

export function planScreen({ caseload, rows }) {
  const open = caseload.families.filter((one) => one.tasks.length);
  return [
    ...heading("Rencana hari ini"),
    h("p", {}, open.length ? `${open.length} keluarga perlu ditanya, menurut desa.` : "Tidak ada yang perlu ditanya menurut data terakhir."),
    ...byVillage(open, rows, false),
  ];
}

function found(families, text) {
  const parts = text.toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
  return families.filter((one) => {
    const all = [one.name, one.family_no, one.village, ...one.members.map((member) => `${member.name} ${member.nik4}`)];
    const legible = all.join(" ").toLocaleLowerCase("id");
    return parts.every((part) => legible.includes(part));
  });
}

function byVillage(families, rows, empty) {
  const groups = Map.groupBy ? Map.groupBy(families, (one) => one.village) : grouped(families);
  if (!groups.size) return empty ? [h("p", {}, "Tidak ada keluarga yang cocok.")] : [];
  const waiting = new Set(rows.filter((row) => row.state === "WAITING").map((row) => row.entry.family));
  return [...groups].map(([village, members]) => h("section", {},
    h("h2", { class: "f-village" }, village, h("span", { class: "f-count" }, `${members.length} keluarga`)),
    h("ul", { class: "f-list" }, members.map((one) => card(one, waiting.has(one.id))))));
}

function grouped(families) {
  const groups = new Map();
  for (const one of families) groups.set(one.village, [...(groups.get(one.village) ?? []), one]);
  return groups;
}

function card(family, waiting) {
  const [task] = family.tasks;
  return h("li", {}, h("a", { class: "f-card", href: `#/keluarga/${family.id}` },
    h("strong", {}, family.name || "Tanpa pengurus"), h("span", { class: "f-muted" }, family.family_no),
    task && h("span", { class: "f-next" }, icon("list-todo"), `${task.kind_name}, tahap ${task.stage}`),
    waiting && h("span", { class: "f-waits" }, icon("clock"), "Ada catatan yang menunggu dikirim"),
    h("span", { class: "f-go" }, icon("chevron-right"))));
}
