// What she entered, until the server has it. Sealed as it will be sent; `seq` and `state` are legible.
import { madeAt } from "./clock.js";
import * as drafts from "./drafts.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

export const WAITING = "WAITING";
const ACCEPTED = "ACCEPTED";
const DECIDED_LATER = "registry.change";
const KV = 1;
const KEPT_DAYS = 60;
const DAY_MS = 24 * 3600_000;

const place = (id) => `entries/${id}`;

// Durable when it returns, all or none; the draft goes with it. One: {kind, family or none, body, photos, mends, shown};
// `shown` is what lists tell of it: title, name, family_no, and the screen that mends it. Photos: [{sha256, content}].
export async function add(entries, draft) {
  const rows = await Promise.all(entries.map(sealedRow));
  const pictures = await sealedPhotos(entries.flatMap((one) => one.photos ?? []));
  await store.write(async (at) => {
    let { seq } = await store.patchIn(at, (stands) => ({ seq: (stands.seq ?? 0) + rows.length }));
    seq -= rows.length;
    for (const [sha256, picture] of pictures) await at("photos").put(picture, sha256);
    for (const row of rows) await at("entries").put({ ...row, seq: (seq += 1), state: WAITING }, row.id);
    if (draft) await at("caseload").delete(draft);
  });
}

async function sealedRow({ kind, family, body, photos = [], mends = null, shown }) {
  const id = crypto.randomUUID();
  const entry = {
    id, kind, kv: KV, made_at: madeAt(), family: family?.id ?? null, base: family?.version ?? "",
    photos: photos.map((one) => one.sha256), mends, body,
  };
  return { id, sealed: await vault.seal({ entry, shown }, place(id)) };
}

function sealedPhotos(photos) {
  const own = new Map(photos.filter((one) => one.content).map((one) => [one.sha256, one.content]));
  return Promise.all([...own].map(async ([sha256, content]) => [sha256, await vault.seal(content, drafts.photoPlace(sha256))]));
}

// All on the phone, oldest first, legible: {id, seq, state, entry, shown, answer, problem}.
export async function list() {
  const rows = await store.readAll("entries");
  const legible = await Promise.all(rows.map(async (row) => ({ ...row, ...(await vault.unseal(row.sealed, place(row.id))) })));
  return legible.sort((one, other) => one.seq - other.seq);
}

export async function photo(sha256) {
  const sealed = await store.read("photos", sha256);
  return sealed ? vault.unsealBytes(sealed, drafts.photoPlace(sha256)) : null;
}

// As it goes to the server.
export const envelope = (row) => ({ ...row.entry, seq: row.seq });

// Keeps what the server said; ACCEPTED leaves. Of a request that others decide, its name stays until they have.
export async function answered(row, answer) {
  if (answer.state !== ACCEPTED) return replace(row, { answer, problem: "" }, answer.state);
  if (row.entry.kind !== DECIDED_LATER) return remove(row);
  await replace(row, { answer, problem: "" }, ACCEPTED, true);
  return countAccepted();
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
  if (row.state === WAITING) await countAccepted();
  await dropPhotos();
}

const countAccepted = () => store.patchIfRoom((stands) => ({ accepted: (stands.accepted ?? 0) + 1 }));

// Decisions of people about entries that were in conflict or held.
export async function decided(answers) {
  const byId = new Map(answers.map((one) => [one.id, one]));
  for (const row of await list()) {
    const answer = byId.get(row.id);
    if (answer?.decided && !row.answer?.decided) await replace(row, { answer }, row.state);
    else if (row.read && !answer && Date.parse(row.answer?.received_at) < Date.now() - KEPT_DAYS * DAY_MS) await remove(row);
  }
}

// Photos no entry and no draft on the phone names; asked for first, since each is written together with its name.
async function dropPhotos() {
  const lying = await store.keys("photos");
  const named = new Set([...(await list()).flatMap((row) => row.entry.photos), ...(await drafts.photos())]);
  const loose = lying.filter((sha256) => !named.has(sha256));
  if (loose.length) await store.write(async (at) => { for (const sha256 of loose) await at("photos").delete(sha256); });
}
