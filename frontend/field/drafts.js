// What is half typed, sealed: a phone that runs out of memory while the camera is open loses nothing.
import * as store from "./store.js";
import * as vault from "./vault.js";

export const place = (...parts) => `draft/${parts.join("/")}`;

export async function keep(where, values) {
  if (!vault.isOpen()) return;
  try {
    const sealed = await vault.seal(values, where);
    await store.write((at) => at("caseload").put(sealed, where));
  } catch (error) {
    if (!(error instanceof store.StorageFull)) throw error; // saving will say so
  }
}

export async function read(where) {
  const sealed = await store.read("caseload", where);
  return sealed ? vault.unseal(sealed, where) : null;
}
