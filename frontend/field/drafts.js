// What is half entered, sealed, its photos too: a phone that runs out of memory while the camera is open loses nothing.
import * as store from "./store.js";
import * as vault from "./vault.js";

const ROOT = "draft/";
const USUAL = "usual";

export const place = (...parts) => `${ROOT}${parts.join("/")}`;

export const isOne = (key) => key.startsWith(ROOT);

// The family, group or sheet it is about, as the caseload names it.
export function subject(key) {
  const [first, ...rest] = key.slice(ROOT.length).split("/");
  if (first === "sheet") return rest.slice(0, 2).join("/");
  return first === "meeting" || first === USUAL ? rest[0] : first;
}

// What a group's meetings usually have is no form she had begun.
export const usualPlace = (group) => place(USUAL, group);
export const isUsual = (key) => key.startsWith(usualPlace(""));

export const photoPlace = (sha256) => `photos/${sha256}`;

// Whether it is of a form that goes over that entry.
export const isOf = (key, id) => isOne(key) && key.endsWith(`/${id}`);

// told: {values, photos: digests, where}; a photo just taken comes with its content, and is kept in the same write.
export async function keep(at, told, { sha256, content } = {}) {
  if (!vault.isOpen()) return;
  const sealed = await vault.seal(told, at);
  const picture = content && (await vault.seal(content, photoPlace(sha256)));
  try {
    await store.write(async (within) => {
      if (picture) await within("photos").put(picture, sha256);
      await within("caseload").put(sealed, at);
    });
  } catch (error) {
    if (!(error instanceof store.StorageFull)) throw error; // saving will say so
  }
}

export async function read(at) {
  const sealed = await store.read("caseload", at);
  if (!sealed) return null;
  const told = await vault.unseal(sealed, at);
  return told.values ? told : { values: told, photos: [] }; // as drafts were before they had photos
}

// Digests of photos that drafts name.
export async function photos() {
  const all = await Promise.all((await store.keys("caseload")).filter(isOne).map(read));
  return all.flatMap((one) => one?.photos ?? []); // one may have gone meanwhile
}
