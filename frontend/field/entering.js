// What every form shares: a draft that outlives the app, photos, a place noted by hand, and "tersimpan" said after it lies
// on the disk.
import { alert, button, h } from "./dom.js";
import * as drafts from "./drafts.js";
import { has, labelsOf, showFaults } from "./fields.js";
import { EDGE, NoPicture, drawn, reduced } from "./photo.js";
import * as queue from "./queue.js";
import { StorageFull } from "./store.js";
import { t } from "./words.js";

const PHOTOS_MAX = 4;
const DRAFT_MS = 400;
const PLACE_MS = 30_000;
const DEGREES = 4;

// {old, values, …} of a draft, else of the entry it goes over, else of `blank`. One that was refused is mended by another;
// one that was never tried makes room for it.
export async function entering({ rows, saved }, { draft, mends, blank = {}, ofBody }) {
  const old = rows.find((row) => row.id === mends);
  const kept = await drafts.read(draft);
  const values = kept?.values ?? (old ? ofBody(old.entry.body) : blank);
  const photos = (kept?.photos ?? old?.entry.photos ?? []).map((sha256) => ({ sha256 }));
  const said = h("div", { role: "alert" });
  const waits = old?.state === queue.WAITING;
  const one = { old: waits ? null : old, values, photos, said, where: kept?.where ?? old?.entry.body?.where ?? null };
  let reads = () => values;
  let form;
  let timer;
  let busy = false;
  let over = false;

  one.keep = (photo) => {
    clearTimeout(timer);
    return !over && drafts.keep(draft, { values: reads(), photos: photos.map((each) => each.sha256), where: one.where }, photo);
  };
  one.changed = () => { clearTimeout(timer); timer = setTimeout(one.keep, DRAFT_MS); };
  one.form = (read, onsubmit, ...children) => {
    reads = read;
    form = h("form", {
      class: "f-form", novalidate: true, oninput: one.changed,
      onsubmit: (event) => { event.preventDefault(); onsubmit(); },
    }, ...children, h("button", { class: "g-button", type: "submit" }, t("save")));
    return form;
  };
  // Entries without photos, place and what they mend, which are the same for all of them.
  one.save = async (entries, back) => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    const place = one.where ? { where: one.where } : {};
    const labels = labelsOf(form);
    try {
      const first = (waits ? old.entry.mends : mends) ?? null;
      over = await queue.add(entries.map((each, number) => ({
        ...each, body: { ...each.body, ...place }, photos, mends: number ? null : first, shown: { ...each.shown, labels },
      })), draft, waits ? old.id : null);
      if (over) return await saved(back);
      over = true;
      said.replaceChildren(alert("bad", t("undo.too_late"), h("p", {}, t("undo.too_late_words"))));
      said.scrollIntoView();
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      said.replaceChildren(alert("bad", t("full.title"), h("p", {}, t("full.entry"))));
      said.scrollIntoView();
    } finally {
      busy = false;
    }
  };
  return one;
}

export const HERE = { rows: "cells", evidence_file: "photos", photo: "photos" }; // what the server's fields are called on the phone, where that differs

// Why the entry that is mended was refused: at the fields it is about, in the summary, and above the form what is of none.
export function refusal({ old }, form) {
  if (!old) return null;
  const why = (old.answer?.why ?? []).map(({ field, words }) => [HERE[field] ?? field, words]);
  showFaults(form, why.filter(([name]) => has(form, name)));
  const rest = why.filter(([name]) => !has(form, name));
  return alert("warn", t("mend.title"), rest.length > 0 && h("ul", {}, rest.map(([, words]) => h("li", {}, words))));
}

// `edge`: the longest side of what is kept; `most`: how many.
export function picker(one, label, { edge = EDGE, most = PHOTOS_MAX } = {}) {
  const { photos, said } = one;
  const list = h("ul", { class: "f-photos" });
  const input = h("input", {
    id: "foto", class: "g-file", type: "file", accept: "image/*", capture: "environment", onchange: take, "aria-describedby": "foto-hint",
  });
  async function take() {
    const [file] = input.files;
    if (!file) return;
    try {
      if (photos.length >= most) throw new NoPicture();
      const photo = await reduced(file, edge);
      if (!photos.some((each) => each.sha256 === photo.sha256)) photos.push(photo);
      said.replaceChildren();
      await one.keep(photo);
    } catch (error) {
      if (!(error instanceof NoPicture)) throw error;
      said.replaceChildren(alert("bad", t("photo.unused"), h("p", {}, photos.length >= most ? t("photo.most", { n: most, most }) : t("photo.unreadable"))));
    }
    input.value = "";
    await show();
  }
  async function show() {
    list.replaceChildren(...await Promise.all(photos.map(item)));
  }
  async function item(each, place) {
    const number = { number: place + 1 };
    each.content ??= await queue.photo(each.sha256); // held: its draft may go while the form is open
    const canvas = each.content ? (await drawn(each.content)).canvas : null;
    canvas?.setAttribute("role", "img");
    canvas?.setAttribute("aria-label", t("photo.one", number));
    return h("li", {}, canvas ?? h("span", {}, t("photo.at_server", number)),
      button(t("photo.remove", number), () => { photos.splice(place, 1); one.keep(); show(); }, { kind: "secondary" }));
  }
  show();
  return h("div", { class: "govuk-form-group", "data-field": "photos" },
    h("label", { class: "govuk-label", for: "foto" }, label),
    h("div", { class: "govuk-hint", id: "foto-hint" }, t("photo.hint", { most })), input, list);
}

// The phone is asked where it is only when she presses, never by itself.
export function placeNoter(one) {
  const told = h("p", { class: "f-muted", role: "status" });
  const ask = button(t("place.note"), note, { kind: "secondary" });
  const drop = button(t("place.drop"), () => { one.where = null; one.keep(); show(); }, { kind: "quiet" });
  function note() {
    if (!navigator.geolocation) return told.replaceChildren(t("place.unknown"));
    told.replaceChildren(t("place.asking"));
    return navigator.geolocation.getCurrentPosition(({ coords }) => {
      one.where = { lat: rounded(coords.latitude), lon: rounded(coords.longitude), m: Math.round(coords.accuracy) };
      one.keep();
      show();
    }, (error) => told.replaceChildren(t(error.code === error.PERMISSION_DENIED ? "place.forbidden" : "place.unknown")),
    { enableHighAccuracy: true, timeout: PLACE_MS, maximumAge: 0 });
  }
  function show() {
    told.replaceChildren(one.where ? t("place.noted", one.where) : t("place.hint"));
    drop.hidden = !one.where;
  }
  show();
  return h("div", { class: "govuk-form-group f-place" }, told, h("div", { class: "g-actions" }, ask, drop));
}

const rounded = (degrees) => Number(degrees.toFixed(DEGREES));
