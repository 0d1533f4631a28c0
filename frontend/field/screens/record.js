// Entering something about a family. It says "tersimpan" after it lies on the disk; a half-typed form is found again.
import { alert, button, h, heading, link } from "../dom.js";
import { faults, field, showFaults, typed } from "../fields.js";
import { formOf } from "../kinds.js";
import { NoPicture, drawn, reduced } from "../photo.js";
import * as queue from "../queue.js";
import { StorageFull } from "../store.js";
import * as drafts from "../drafts.js";
import { missing } from "./family.js";

const PHOTOS_MAX = 4;
const DRAFT_MS = 400;

export async function recordScreen({ caseload, rows, today, saved }, { id, what, about, mends }) {
  const family = caseload.families.find((one) => one.id === id);
  const made = family && formOf(what, about, { family, words: caseload.words ?? {}, today });
  if (!made) return missing();
  const old = rows.find((row) => row.id === mends);
  const place = drafts.place(id, what, about ?? "", mends ?? "");
  const values = (await drafts.read(place)) ?? (old ? made.values(old.entry.body) : {});
  const photos = old ? old.entry.photos.map((sha256) => ({ sha256 })) : [];
  const said = h("div", { role: "alert" });
  let busy = false;
  let timer;
  const form = h("form", {
    class: "f-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); },
    oninput: () => { clearTimeout(timer); timer = setTimeout(() => drafts.keep(place, typed(form, made.fields)), DRAFT_MS); },
  }, made.fields.map((one) => field(one, values[one.name] ?? one.value ?? "")),
  made.photos && picker(photos, said), h("button", { class: "g-button", type: "submit" }, "Simpan di ponsel"));

  async function submit() {
    if (busy) return;
    const told = typed(form, made.fields);
    const found = faults(made.fields, { ...told, photos: photos.length > 0 });
    showFaults(form, found);
    if (found.length) return;
    busy = true;
    clearTimeout(timer);
    try {
      const shown = { title: made.title, name: family.name, family_no: family.family_no, route: `${what}${about ? `/${encodeURIComponent(about)}` : ""}` };
      await queue.add({ kind: made.kind, family, body: made.body(told), photos, mends: mends ?? null, shown }, place);
      await saved(id);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      said.replaceChildren(alert("bad", "Penyimpanan ponsel penuh", h("p", {}, "Catatan ini BELUM tersimpan. Kosongkan sedikit ruang (foto atau aplikasi lain) atau kirim dahulu yang menunggu, lalu tekan simpan lagi. Isian Anda masih ada di halaman ini.")));
      said.scrollIntoView();
    } finally {
      busy = false;
    }
  }

  return [
    ...heading(made.title, h("p", { class: "f-muted" }, `${family.name} · ${family.family_no} · ${family.village}`)),
    made.task && h("p", {}, `${made.task.kind_name}, tahap ${made.task.stage}. ${made.task.reason ?? ""}`),
    old && refusal(old), said, form, h("p", {}, link("Batal", `#/keluarga/${id}`, { kind: "quiet" })),
  ];
}

function refusal(old) {
  return alert("warn", "Server menolak yang sebelumnya", h("ul", {}, (old.answer?.why ?? []).map((one) => h("li", {}, one.words))));
}

function picker(photos, said) {
  const list = h("ul", { class: "f-photos" });
  const input = h("input", {
    id: "foto", class: "g-file", type: "file", accept: "image/*", capture: "environment", onchange: take, "aria-describedby": "foto-hint",
  });
  async function take() {
    const [file] = input.files;
    if (!file) return;
    try {
      if (photos.length >= PHOTOS_MAX) throw new NoPicture();
      const photo = await reduced(file);
      if (!photos.some((one) => one.sha256 === photo.sha256)) photos.push(photo);
      said.replaceChildren();
    } catch (error) {
      if (!(error instanceof NoPicture)) throw error;
      said.replaceChildren(alert("bad", "Foto ini tidak dipakai", h("p", {}, photos.length >= PHOTOS_MAX ? `Paling banyak ${PHOTOS_MAX} foto.` : "Berkasnya tidak terbaca sebagai foto. Ambil lagi.")));
    }
    input.value = "";
    await show();
  }
  async function show() {
    const items = await Promise.all(photos.map(async (one, place) => {
      const content = one.content ?? (await queue.photo(one.sha256));
      const canvas = content ? (await drawn(content)).canvas : null;
      canvas?.setAttribute("role", "img");
      canvas?.setAttribute("aria-label", `Foto ${place + 1}`);
      return h("li", {}, canvas ?? h("span", {}, `Foto ${place + 1} sudah di server`),
        button(`Hapus foto ${place + 1}`, () => { photos.splice(place, 1); show(); }, { kind: "secondary" }));
    }));
    list.replaceChildren(...items);
  }
  show();
  return h("div", { class: "govuk-form-group", "data-field": "photos" },
    h("label", { class: "govuk-label", for: "foto" }, "Foto dokumen"),
    h("div", { class: "govuk-hint", id: "foto-hint" }, "Diperkecil sebelum disimpan. Paling banyak 4."), input, list);
}

export function savedScreen(id, count) {
  return [
    ...heading("Tersimpan di ponsel"), alert("good", "Catatan ini aman di ponsel", h("p", {}, `${count} catatan menunggu dikirim. Boleh tutup aplikasi atau matikan ponsel.`)),
    h("div", { class: "g-actions" }, link("Kembali ke keluarga", `#/keluarga/${id}`), link("Rencana hari ini", "#/rencana", { kind: "secondary" })),
  ];
}
