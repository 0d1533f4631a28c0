// What she entered, until the server has it. Sealed as it will be sent; `seq` and `state` are legible.
import { madeAt } from "./clock.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

export const WAITING = "WAITING";
const KV = 1;
const KEPT_DAYS = 60;
const DAY_MS = 24 * 3600_000;

const place = (id) => `entries/${id}`;
const photoPlace = (sha256) => `photos/${sha256}`;

// Durable when it returns. `shown`: what lists tell of it: title, family. Photos: [{sha256, content}].
export async function add({ kind, family, body, photos = [], mends = null, shown }, draft) {
  const id = crypto.randomUUID();
  const entry = {
    id, kind, kv: KV, made_at: madeAt(), family: family.id, base: family.version,
    photos: photos.map((one) => one.sha256), mends, body,
  };
  const sealed = await vault.seal({ entry, shown }, place(id));
  const pictures = await Promise.all(
    photos.filter((one) => one.content).map(async (one) => [one.sha256, await vault.seal(one.content, photoPlace(one.sha256))]),
  );
  await store.write(async (at) => {
    const { seq } = await store.patchIn(at, (stands) => ({ seq: (stands.seq ?? 0) + 1 }));
    for (const [sha256, picture] of pictures) await at("photos").put(picture, sha256);
    await at("entries").put({ id, seq, state: WAITING, sealed }, id);
    if (draft) await at("caseload").delete(draft);
  });
  return id;
}

// All on the phone, oldest first, legible: {id, seq, state, entry, shown, answer, problem}.
export async function list() {
  const rows = await store.readAll("entries");
  const legible = await Promise.all(rows.map(async (row) => ({ ...row, ...(await vault.unseal(row.sealed, place(row.id))) })));
  return legible.sort((one, other) => one.seq - other.seq);
}

export async function photo(sha256) {
  const sealed = await store.read("photos", sha256);
  return sealed ? vault.unsealBytes(sealed, photoPlace(sha256)) : null;
}

// As it goes to the server.
export const envelope = (row) => ({ ...row.entry, seq: row.seq });

// Keeps what the server said; ACCEPTED leaves.
export async function answered(row, answer) {
  if (answer.state === "ACCEPTED") return remove(row);
  return replace(row, { answer, problem: "" }, answer.state);
}

// It stays and waits; why it could not be taken.
export const troubled = (row, problem) => (row.problem === problem ? null : replace(row, { problem }, WAITING));

async function replace(row, change, state, slim = false) {
  const told = { entry: row.entry, shown: row.shown, answer: row.answer, problem: row.problem, ...change };
  if (slim) told.entry = { id: row.id, photos: [] };
  const sealed = await vault.seal(told, place(row.id));
  await store.write(async (at) => {
    await at("entries").put({ id: row.id, seq: row.seq, state, read: slim, sealed }, row.id);
  });
  await dropPhotos();
}

// She has read what the server said. What a person at the office still decides is told when it is decided.
export async function haveRead(row) {
  const open = (row.state === "CONFLICT" || row.state === "QUARANTINED") && !row.answer?.decided;
  return open ? replace(row, {}, row.state, true) : remove(row);
}

async function remove(row) {
  await store.write((at) => at("entries").delete(row.id));
  if (row.state === WAITING) await store.patchIfRoom((stands) => ({ accepted: (stands.accepted ?? 0) + 1 }));
  await dropPhotos();
}

// Decisions of people about entries that were in conflict or held.
export async function decided(answers) {
  const byId = new Map(answers.map((one) => [one.id, one]));
  for (const row of await list()) {
    const answer = byId.get(row.id);
    if (answer?.decided && !row.answer?.decided) await replace(row, { answer }, row.state);
    else if (row.read && !answer && Date.parse(row.answer?.received_at) < Date.now() - KEPT_DAYS * DAY_MS) await remove(row);
  }
}

// Photos no entry on the phone names.
async function dropPhotos() {
  const named = new Set((await list()).flatMap((row) => row.entry.photos));
  const loose = (await store.keys("photos")).filter((sha256) => !named.has(sha256));
  if (loose.length) await store.write(async (at) => { for (const sha256 of loose) await at("photos").delete(sha256); });
}
