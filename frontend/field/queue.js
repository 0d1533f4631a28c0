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

// Lies beside an entry until its first try: what was never tried she may take back. A phone that is full can still delete.
const untried = (id) => `untried/${id}`;

// Durable when it returns, all or none; the draft goes with it. One: {kind, family or none, body, photos, mends, shown};
// `shown` is what lists tell of it: title, name, family_no, the screen that mends it, what its fields are called. Photos: [{sha256, content}].
// `instead`: id of one that was never tried, which goes. False, and nothing is kept, where it was tried meanwhile.
export async function add(entries, draft, instead = null) {
  const rows = await Promise.all(entries.map(sealedRow));
  const pictures = await sealedPhotos(entries.flatMap((one) => one.photos ?? []));
  const kept = await store.write(async (at) => {
    if (draft) await at("caseload").delete(draft);
    if (instead && !(await takenBack(at, instead))) return false;
    let { seq } = await store.patchIn(at, (stands) => ({ seq: (stands.seq ?? 0) + rows.length }));
    seq -= rows.length;
    for (const [sha256, picture] of pictures) if (!(await at("photos").getKey(sha256))) await at("photos").put(picture, sha256);
    for (const row of rows) {
      await at("entries").put({ ...row, seq: (seq += 1), state: WAITING }, row.id);
      await at("caseload").put(true, untried(row.id));
    }
    return true;
  });
  if (instead) await dropPhotos();
  return kept;
}

// False where it was tried, or has gone.
async function takenBack(at, id) {
  if (!(await at("caseload").getKey(untried(id)))) return false;
  await at("caseload").delete(untried(id));
  await at("entries").delete(id);
  return true;
}

// She takes one back that was never tried; what she had begun to correct of it goes too.
export async function withdraw(row) {
  const gone = await store.write(async (at) => {
    if (!(await takenBack(at, row.id))) return false;
    const begun = (await at("caseload").getAllKeys()).filter((key) => drafts.isOf(key, row.id));
    for (const key of begun) await at("caseload").delete(key);
    return true;
  });
  await dropPhotos();
  return gone;
}

// From now on the server may have them. Gives those she has not taken back meanwhile, which alone are sent.
export function trying(rows) {
  return store.write(async (at) => {
    const there = [];
    for (const row of rows) {
      await at("caseload").delete(untried(row.id));
      if (await at("entries").getKey(row.id)) there.push(row);
    }
    return there;
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

// All on the phone, oldest first, legible: {id, seq, state, untried, entry, shown, answer, problem}.
export async function list() {
  const rows = await store.readAll("entries");
  const lying = new Set(await store.keys("caseload"));
  const legible = await Promise.all(rows.map(async (row) => ({
    ...row, untried: lying.has(untried(row.id)), ...(await vault.unseal(row.sealed, place(row.id))),
  })));
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
  await replace(row, { answer, problem: "" }, ACCEPTED, { slim: true });
  return countAccepted();
}

// It stays and waits; why it could not be taken.
export const troubled = (row, problem) => (row.problem === problem ? null : replace(row, { problem }, WAITING));

// The server, which knows entries by their id, said that it has not got it: it may be taken back again.
export const notThere = (row, problem) => replace(row, { problem }, WAITING, { back: true });

async function replace(row, change, state, { slim = false, back = false } = {}) {
  const told = { entry: row.entry, shown: row.shown, answer: row.answer, problem: row.problem, ...change };
  if (slim) told.entry = { id: row.id, photos: [] };
  const sealed = await vault.seal(told, place(row.id));
  await store.write(async (at) => {
    if (!(await at("entries").getKey(row.id))) return; // taken back meanwhile
    await at("entries").put({ id: row.id, seq: row.seq, state, read: slim, sealed }, row.id);
    if (back) await at("caseload").put(true, untried(row.id));
  });
  await dropPhotos();
}

// She has read what the server said. What a person at the office still decides is told when it is decided.
export async function haveRead(row) {
  const open = (row.state === "CONFLICT" || row.state === "QUARANTINED") && !row.answer?.decided;
  return open ? replace(row, {}, row.state, { slim: true }) : remove(row);
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

// Drafts about whom or what she has no longer, with their photos, unless an entry about it waits. Counts what she could miss.
export async function dropDrafts({ families, groups, sheets }) {
  const waiting = (await list()).filter((row) => row.state === WAITING).map((row) => subject(row.entry));
  const hers = new Set([...[...families, ...groups, ...sheets].map((one) => one.id), ...waiting]);
  const gone = (await store.keys("caseload")).filter((key) => drafts.isOne(key) && !hers.has(drafts.subject(key)));
  const missed = gone.filter((key) => !drafts.isUsual(key)).length;
  await store.write(async (at) => { for (const key of gone) await at("caseload").delete(key); });
  if (missed) await store.patchIfRoom((stands) => ({ dropped: (stands.dropped ?? 0) + missed }));
  await dropPhotos();
}

const subject = ({ family, body }) => family ?? body.group ?? `${body.facility}/${body.quarter}`;

// Photos no entry and no draft on the phone names; asked for first, since each is written together with its name.
async function dropPhotos() {
  const lying = await store.keys("photos");
  const named = new Set([...(await list()).flatMap((row) => row.entry.photos), ...(await drafts.photos())]);
  const loose = lying.filter((sha256) => !named.has(sha256));
  if (loose.length) await store.write(async (at) => { for (const sha256 of loose) await at("photos").delete(sha256); });
}
