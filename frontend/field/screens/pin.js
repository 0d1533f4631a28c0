// Before anything: a PIN for a new phone, the PIN of one in use, and what to do where the share has run out.
import { alert, button, h, heading, link } from "../dom.js";
import { field, showFaults, typed } from "../fields.js";
import * as store from "../store.js";
import * as transport from "../transport.js";
import { renewShare } from "../sync.js";
import * as vault from "../vault.js";

const LOGIN = "/akun/login/?next=/lapangan/";
const WIPED = {
  server: ["Data di ponsel ini sudah dihapus", "Kantor mencabut ponsel ini, atau ponsel ini milik orang lain. Yang sudah terkirim tetap ada di kantor."],
  pin: ["Data di ponsel ini sudah dihapus", "PIN salah sepuluh kali. Yang sudah terkirim tetap ada di kantor; yang belum terkirim hilang."],
};
const SIX = { name: "pin", label: "PIN 6 angka", most: 6, inputmode: "numeric" };
const AGAIN = { ...SIX, name: "again", label: "PIN sekali lagi" };
const NAME = { name: "name", label: "Nama ponsel ini", most: 80, value: "Ponsel saya", hint: "Supaya Anda mengenalnya di daftar ponsel." };

export function pinScreen(state, opened) {
  if (!state.device) return setUp(state, opened);
  return state.share ? unlock(opened) : shareless(opened);
}

function secret(one) {
  const group = field(one);
  group.querySelector("input").setAttribute("type", "password");
  return group;
}

function loginNeeded() {
  return alert("warn", "Masuk dahulu ke situs", h("p", {}, "Ponsel ini perlu dikenali kantor. Yang ada di ponsel tidak hilang."),
    h("p", {}, link("Masuk", LOGIN)));
}

function explained(why) {
  const words = {
    offline: ["Belum tersambung", "Langkah ini perlu jaringan sekali. Coba lagi di tempat yang bersinyal."],
    later: ["Server belum dapat menjawab", "Coba lagi sebentar lagi."],
    old: ["Aplikasi ini perlu diperbarui", "Muat ulang halaman ini saat ada jaringan."],
    other: ["Akun ini bukan pemilik ponsel", "Keluar dari situs, lalu masuk dengan akun yang memasang aplikasi ini. Yang ada di ponsel tidak hilang."],
    wipe: WIPED.server,
  }[why];
  return why === "login" ? loginNeeded() : alert("warn", words[0], h("p", {}, words[1]));
}

function setUp(state, opened) {
  const said = h("div", { role: "status" });
  const form = h("form", { class: "f-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    field(NAME), secret(SIX), secret(AGAIN), h("button", { class: "g-button", type: "submit" }, "Pasang di ponsel ini"));

  async function submit() {
    const { pin, again, name } = typed(form, [SIX, AGAIN, NAME]);
    const found = [];
    if (!vault.PIN.test(pin)) found.push(["pin", "PIN terdiri atas 6 angka."]);
    else if (/^(\d)\1{5}$/.test(pin) || "0123456789876543210".includes(pin)) found.push(["pin", "PIN ini terlalu mudah ditebak."]);
    if (pin !== again) found.push(["again", "Kedua PIN tidak sama."]);
    showFaults(form, found);
    if (found.length) return;
    said.replaceChildren(h("p", {}, "Memasang…"));
    try {
      const id = crypto.randomUUID();
      const told = await transport.enterDevice(id, name || NAME.value);
      const kept = await vault.create(pin, told.share);
      const newest = Date.parse(told.server_time);
      await store.write((at) => at("meta").put({
        ...kept, device: id, share: told.share, shareUntil: Date.parse(told.share_until), newest, offset: newest - Date.now(), seq: 0,
      }, "state"));
      await navigator.storage?.persist?.();
      await opened();
    } catch (error) {
      said.replaceChildren(trouble(error));
    }
  }

  const wiped = state.wiped && WIPED[state.wiped];
  return [
    ...heading("Aplikasi lapangan"), wiped && alert("bad", wiped[0], h("p", {}, wiped[1])),
    h("p", {}, "Buat PIN untuk membuka data keluarga dampingan di ponsel ini. Jangan pakai PIN kartu, dan jangan beri tahu siapa pun."),
    said, form,
  ];
}

function trouble(error) {
  if (error instanceof transport.Stop) return explained(error.why);
  if (error instanceof transport.Refused) return alert("bad", "Belum dapat dipasang", h("p", {}, error.words));
  if (error instanceof store.StorageFull) return alert("bad", "Penyimpanan ponsel penuh", h("p", {}, "Kosongkan sedikit ruang, lalu coba lagi."));
  throw error;
}

function unlock(opened) {
  const said = h("div", { role: "alert" });
  const form = h("form", { class: "f-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    secret(SIX), h("button", { class: "g-button", type: "submit" }, "Buka"));
  let busy = false;

  async function submit() {
    const { pin } = typed(form, [SIX]);
    if (busy) return;
    if (!vault.PIN.test(pin)) return showFaults(form, [["pin", "PIN terdiri atas 6 angka."]]);
    showFaults(form, []);
    busy = true;
    try {
      await vault.unlock(pin);
      await opened();
    } catch (error) {
      if (error instanceof store.StorageFull) return said.replaceChildren(trouble(error));
      if (!(error instanceof vault.WrongPin)) throw error;
      if (error.left === 0) return await opened();
      form.reset();
      said.replaceChildren(alert("bad", "PIN salah", h("p", {}, `Sisa ${error.left} kali mencoba. Setelah itu data di ponsel ini dihapus, termasuk yang belum terkirim.`)));
      form.querySelector("input").focus();
    } finally {
      busy = false;
    }
  }

  return [...heading("Buka dengan PIN"), said, form,
    h("p", { class: "f-muted" }, "Lupa PIN? Cabut ponsel ini di situs, lalu pasang lagi. Yang belum terkirim hilang.")];
}

function shareless(opened) {
  const said = h("div", { role: "status" });
  async function again() {
    try {
      await renewShare((await store.readState()).device);
      await opened();
    } catch (error) {
      if (error instanceof transport.Stop && error.why === "wipe") {
        await vault.wipe("server");
        return opened();
      }
      said.replaceChildren(trouble(error));
    }
  }
  return [...heading("Sambungkan dahulu"),
    alert("warn", "Sudah 14 hari tanpa kantor", h("p", {}, "Data tetap ada di ponsel dan tetap terkunci. Masuk ke situs saat ada jaringan, lalu sambungkan lagi.")),
    said, h("div", { class: "g-actions" }, button("Sambungkan lagi", again), link("Masuk ke situs", LOGIN, { kind: "secondary" }))];
}
