// Keys. A random data key, wrapped by the PIN and a share of the server that runs out; ten wrong PINs empty the phone.
import { corrected } from "./clock.js";
import * as store from "./store.js";

export const PIN = /^[0-9]{6}$/;
export const TRIES = 10;
const ROUNDS = 310_000;
const INFO = bytes("gandeng-field-1");
const WRAP = bytes("gandeng-field-key");

export class WrongPin extends Error {
  constructor(left) {
    super();
    this.left = left;
  }
}

let key = null;

export const isOpen = () => key !== null;

export function lock() {
  key = null;
}

// A new data key, wrapped; opens the vault. Gives what the state keeps.
export async function create(pin, share) {
  const raw = random(32);
  const kept = await wrapped(raw, pin, share);
  key = await imported(raw);
  raw.fill(0);
  return kept;
}

// Raises WrongPin.
export async function unlock(pin) {
  const { raw } = await unwrapped(pin);
  key = await imported(raw);
  raw.fill(0);
  return store.patchState({ wrong: 0 });
}

// The same data key under another PIN, in one write: after a kill the old PIN opens it, or the new. Raises WrongPin.
export async function changePin(old, pin) {
  const { raw, share } = await unwrapped(old);
  const kept = await wrapped(raw, pin, share);
  raw.fill(0);
  return store.patchState(kept);
}

async function wrapped(raw, pin, share) {
  const salt = random(16);
  const iv = random(12);
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: WRAP }, await wrapping(pin, share, salt), raw,
  );
  return { salt, iv, wrapped: new Uint8Array(data), wrong: 0 };
}

// A try is counted before it is made, so that ending the app takes none back.
async function unwrapped(pin) {
  const state = await store.patchState((stands) => ({ wrong: (stands.wrong ?? 0) + 1 }));
  if (state.wrong > TRIES || !state.wrapped) return giveUp();
  try {
    const raw = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: state.iv, additionalData: WRAP }, await wrapping(pin, state.share, state.salt),
      state.wrapped,
    );
    return { raw: new Uint8Array(raw), share: state.share };
  } catch {
    if (state.wrong >= TRIES) return giveUp();
    throw new WrongPin(TRIES - state.wrong);
  }
}

async function giveUp() {
  await wipe("pin");
  throw new WrongPin(0);
}

export async function wipe(reason) {
  lock();
  await store.empty(reason);
}

// Deletes the share when its time is over, by the later of the corrected clock and the newest the server told.
export async function dropOldShare(state) {
  if (!state.share || corrected(state) < state.shareUntil) return state;
  lock();
  return store.patchState({ share: null });
}

export async function seal(value, place) {
  const plain = value instanceof Uint8Array ? value : bytes(JSON.stringify(value));
  const iv = random(12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, key, plain);
  return { iv, data: new Uint8Array(data) };
}

export async function unsealBytes({ iv, data }, place) {
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, key, data),
  );
}

export async function unseal(sealed, place) {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(sealed, place)));
}

async function wrapping(pin, share, salt) {
  const typed = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const stretched = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, 256,
  );
  const both = new Uint8Array([...new Uint8Array(stretched), ...fromBase64(share)]);
  const base = await crypto.subtle.importKey("raw", both, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: INFO }, base, { name: "AES-GCM", length: 256 }, false,
    ["encrypt", "decrypt"],
  );
}

const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
const random = (count) => crypto.getRandomValues(new Uint8Array(count));
const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function bytes(text) {
  return new TextEncoder().encode(text);
}
