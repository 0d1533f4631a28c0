// This phone: when it last spoke with the server, how long it stays open, what it may still hold.
import { button, h, heading, link } from "../dom.js";
import { inWords } from "../clock.js";
import { locale, t } from "../words.js";

const MEGABYTE = 1_000_000;

const number = (value) => new Intl.NumberFormat(locale()).format(value);

export async function phoneScreen({ state, lock, install }) {
  const room = await navigator.storage?.estimate?.();
  const facts = [
    [t("phone.synced"), state.lastSync ? inWords(state.lastSync) : t("phone.never")],
    [t("phone.accepted"), t("phone.entries", { n: state.accepted ?? 0 })],
    [t("phone.until"), t("phone.until_day", { day: inWords(state.shareUntil) })],
    room && [t("phone.room"), t("phone.room_of", { used: number(Math.ceil(room.usage / MEGABYTE)), of: number(Math.floor(room.quota / MEGABYTE)) })],
    [t("phone.language"), t("phone.language_how")],
  ].filter(Boolean);
  return [
    ...heading(t("phone.title")),
    h("dl", { class: "f-facts" }, facts.map(([name, words]) => [h("dt", {}, name), h("dd", {}, words)])),
    h("div", { class: "g-actions" }, button(t("phone.lock"), lock), link(t("pin.change"), "#/ponsel/pin", { kind: "secondary" }),
      install && button(t("phone.install"), install, { kind: "secondary" })),
    h("p", {}, t("phone.lost")),
    h("div", { class: "g-actions" }, link(t("phone.at_site"), "/lapangan/perangkat/", { kind: "secondary" }), link(t("phone.site"), "/", { kind: "secondary" })),
  ];
}
