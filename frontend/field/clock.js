// The phone's clock may be wrong: days and ends are told by it as corrected at the newest answer of the server.
import { locale } from "./words.js";

const DAY_MS = 24 * 3600_000;

// Milliseconds; never before the newest time the server has told.
export function corrected(state) {
  return Math.max(Date.now() + (state.offset ?? 0), state.newest ?? 0);
}

// What an answer teaches about the clock.
export function learnt(serverTime, state) {
  const told = Date.parse(serverTime);
  if (Number.isNaN(told)) return {};
  return { offset: told - Date.now(), newest: Math.max(told, state.newest ?? 0) };
}

export function day(milliseconds) {
  const at = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function daysAfter(iso, count) {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

// The phone's own clock, with its offset, as entries carry it.
export function madeAt() {
  const at = new Date();
  const minutes = -at.getTimezoneOffset();
  const two = (number) => String(number).padStart(2, "0");
  const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function inWords(milliseconds) {
  return said(new Date(milliseconds), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export const dayInWords = (iso) => ofDay(iso, { day: "numeric", month: "long", year: "numeric" });

export const weekdayInWords = (iso) => ofDay(iso, { weekday: "long", day: "numeric", month: "long" });

export const monthInWords = (iso) => ofDay(iso, { month: "long" });

function ofDay(iso, how) {
  const at = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? iso : said(at, { ...how, timeZone: "UTC" });
}

const said = (at, how) => new Intl.DateTimeFormat(locale(), how).format(at);
