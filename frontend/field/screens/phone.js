// This phone: when it last spoke with the server, how long it stays open, what it may still hold.
import { button, h, heading, link } from "../dom.js";
import { inWords } from "../clock.js";

const MEGABYTE = 1_000_000;

export async function phoneScreen({ state, lock, install }) {
  const room = await navigator.storage?.estimate?.();
  const facts = [
    ["Sinkron terakhir", state.lastSync ? inWords(state.lastSync) : "belum pernah"],
    ["Terkirim dan diterima", `${state.accepted ?? 0} catatan`],
    ["Dapat dibuka sampai", `${inWords(state.shareUntil)}, diperpanjang setiap sinkron`],
    room && ["Ruang terpakai", `${Math.ceil(room.usage / MEGABYTE)} MB dari ${Math.floor(room.quota / MEGABYTE)} MB`],
  ].filter(Boolean);
  return [
    ...heading("Ponsel ini"),
    h("dl", { class: "f-facts" }, facts.map(([name, words]) => [h("dt", {}, name), h("dd", {}, words)])),
    h("div", { class: "g-actions" }, button("Kunci sekarang", lock), install && button("Pasang di layar utama", install, { kind: "secondary" })),
    h("p", {}, "Ponsel hilang atau diganti? Cabut di situs: datanya dihapus saat ponsel itu tersambung lagi, dan tidak dapat dibuka setelah 14 hari."),
    h("div", { class: "g-actions" }, link("Ponsel saya di situs", "/lapangan/perangkat/", { kind: "secondary" }), link("Ke situs", "/", { kind: "secondary" })),
  ];
}
