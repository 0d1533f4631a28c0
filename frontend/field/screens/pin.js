// Before anything: a PIN for a new phone, the PIN of one in use, and what to do where the share has run out.
import { alert, button, h, heading, link } from "../dom.js";
import { field, showFaults, typed } from "../fields.js";
import * as store from "../store.js";
import * as transport from "../transport.js";
import { renewShare } from "../sync.js";
import * as vault from "../vault.js";
import { t } from "../words.js";

const LOGIN = "/akun/login/?next=/lapangan/";
const EXPLAINED = ["offline", "denied", "nobody", "later", "old", "other"];

const six = () => ({ name: "pin", label: t("pin.six"), most: 6, inputmode: "numeric" });
const again = () => ({ ...six(), name: "again", label: t("pin.again") });
const phoneName = () => ({ name: "name", label: t("pin.phone"), most: 80, value: t("pin.phone_mine"), hint: t("pin.phone_hint") });

export function pinScreen(state, opened) {
  if (!state.device) return setUp(state, opened);
  return state.share ? unlock(opened) : shareless(opened);
}

function secret(one) {
  const group = field(one);
  group.querySelector("input").setAttribute("type", "password");
  return group;
}

function pinForm(submit, action, ...groups) {
  return h("form", { class: "f-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    ...groups, h("button", { class: "g-button", type: "submit" }, action));
}

// What is wrong with a PIN that is made.
function pinFaults(pin, repeated) {
  const found = [];
  if (!vault.PIN.test(pin)) found.push(["pin", t("pin.fault_six")]);
  else if (/^(\d)\1{5}$/.test(pin) || "0123456789876543210".includes(pin)) found.push(["pin", t("pin.fault_easy")]);
  if (pin !== repeated) found.push(["again", t("pin.fault_again")]);
  return found;
}

const wiped = (how) => alert("bad", t("wiped.title"), h("p", {}, t(`wiped.${how}`)));

// Why the server gives nothing, and what to do about it.
export function explained(why) {
  if (why === "login") {
    return alert("warn", t("stop.login_title"), h("p", {}, t("stop.login_words")), h("p", {}, t("stop.login_closed")),
      h("p", {}, link(t("login"), LOGIN)));
  }
  if (why === "wipe") return wiped("server");
  const known = EXPLAINED.includes(why) ? why : "later";
  return alert("warn", t(`stop.${known}_title`), h("p", {}, t(`stop.${known}_words`)));
}

function trouble(error) {
  if (error instanceof transport.Stop) return explained(error.why);
  if (error instanceof transport.Refused) return alert("bad", t("pin.not_entered"), h("p", {}, error.words));
  if (error instanceof store.StorageFull) return alert("bad", t("full.title"), h("p", {}, t("full.again")));
  throw error;
}

function setUp(state, opened) {
  const said = h("div", { role: "status" });
  const fields = [phoneName(), six(), again()];
  const form = pinForm(submit, t("pin.enter"), field(fields[0]), secret(fields[1]), secret(fields[2]));

  async function submit() {
    const told = typed(form, fields);
    const found = pinFaults(told.pin, told.again);
    showFaults(form, found);
    if (found.length) return;
    said.replaceChildren(h("p", {}, t("pin.entering")));
    try {
      const id = crypto.randomUUID();
      const answer = await transport.enterDevice(id, told.name || fields[0].value);
      const kept = await vault.create(told.pin, answer.share);
      const newest = Date.parse(answer.server_time);
      await store.write((at) => at("meta").put({
        ...kept, device: id, share: answer.share, shareUntil: Date.parse(answer.share_until), newest, offset: newest - Date.now(), seq: 0,
        language: answer.language,
      }, "state"));
      await navigator.storage?.persist?.();
      await opened();
    } catch (error) {
      said.replaceChildren(error.why === "denied" ? explained("nobody") : trouble(error));
    }
  }

  return [...heading(t("app")), state.wiped && wiped(state.wiped), h("p", {}, t("pin.make")), said, form];
}

function unlock(opened) {
  const said = h("div", { role: "alert" });
  const form = pinForm(submit, t("pin.open"), secret(six()));
  let busy = false;

  async function submit() {
    const { pin } = typed(form, [six()]);
    if (busy) return;
    if (!vault.PIN.test(pin)) return showFaults(form, [["pin", t("pin.fault_six")]]);
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
      said.replaceChildren(wrong(error.left));
      form.querySelector("input").focus();
    } finally {
      busy = false;
    }
  }

  return [...heading(t("pin.title")), said, form, h("p", { class: "f-muted" }, t("pin.forgotten"))];
}

const wrong = (left) => alert("bad", t("pin.wrong"), h("p", {}, t("pin.left", { n: left })));

// A wrong old PIN counts as one at the door.
export function newPinScreen({ changed }) {
  const said = h("div", { role: "alert" });
  const old = { ...six(), name: "old", label: t("pin.old") };
  const fields = [old, { ...six(), label: t("pin.new") }, { ...again(), label: t("pin.new_again") }];
  const form = pinForm(submit, t("pin.change"), fields.map(secret));
  let busy = false;

  async function submit() {
    if (busy) return;
    const told = typed(form, fields);
    const found = [...(vault.PIN.test(told.old) ? [] : [["old", t("pin.fault_six")]]), ...pinFaults(told.pin, told.again)];
    showFaults(form, found);
    if (found.length) return;
    busy = true;
    try {
      await vault.changePin(told.old, told.pin);
      form.replaceWith(h("p", {}, link(t("pin.back"), "#/ponsel")));
      said.replaceChildren(alert("good", t("pin.changed"), h("p", {}, t("pin.changed_words"))));
    } catch (error) {
      if (error instanceof store.StorageFull) return said.replaceChildren(trouble(error));
      if (!(error instanceof vault.WrongPin)) throw error;
      if (error.left === 0) return await changed();
      form.reset();
      said.replaceChildren(wrong(error.left));
      form.querySelector("input").focus();
    } finally {
      busy = false;
    }
  }

  return [...heading(t("pin.change")), h("p", {}, t("pin.change_about")), said, form, h("p", {}, link(t("cancel"), "#/ponsel", { kind: "quiet" }))];
}

function shareless(opened) {
  const said = h("div", { role: "status" });
  async function reconnect() {
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
  return [...heading(t("share.title")), alert("warn", t("share.over"), h("p", {}, t("share.words"))),
    said, h("div", { class: "g-actions" }, button(t("share.again"), reconnect), link(t("share.login"), LOGIN, { kind: "secondary" }))];
}
