// One run: the share, what waits, decisions, the caseload. A Stop ends it; what is done stays done.
import { learnt } from "./clock.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as transport from "./transport.js";
import * as vault from "./vault.js";
import { t } from "./words.js";

const CASELOAD = "caseload";
const TOGETHER = 20;
const LETTERS = 16_000; // of one entry at most: a delivery of several is no longer, on a slow line, than of a long one
export const EMPTY = { families: [], words: {}, groups: [], sessions: [], absences: [], sheets: [], villages: [], checklists: {} };

// `progress` is told after each step. Raises Stop, or StorageFull once all has been tried.
export function run(progress) {
  return navigator.locks.request("gandeng-sync", { ifAvailable: true }, (lock) => (lock ? all(progress) : null));
}

async function all(progress) {
  const { device } = await store.readState();
  try {
    await renewShare(device).catch(unless("denied")); // this tells whose phone it is, before a photo leaves it
    const full = await sendAll(device, progress);
    await queue.decided((await heard(transport.askDecided(device))).entries ?? []);
    await fetchCaseload(device);
    await store.patchIfRoom({ lastSync: Date.now(), stopped: "" });
    several = true;
    if (full) throw full;
  } catch (error) {
    if (!(error instanceof transport.Stop)) throw error;
    if (error.why === "wipe") await vault.wipe("server");
    else await store.patchIfRoom({ stopped: error.why });
    throw error;
  }
}

// Goes on after a Stop for that reason.
const unless = (why) => (error) => {
  if (error.why !== why) throw error;
};

// Asked for at each sync, and by whoever finds the share run out.
export async function renewShare(device) {
  const told = await heard(transport.askShare(device));
  return store.patchIfRoom({ share: told.share, shareUntil: Date.parse(told.share_until) });
}

async function heard(asked) {
  const told = await asked;
  if (told?.server_time) {
    await store.patchIfRoom((state) => ({ ...learnt(told.server_time, state), ...(told.language && { language: told.language }) }));
  }
  return told;
}

// Where there is no room for what the server said of one, the next are sent all the same; gives that it was so.
async function sendAll(device, progress) {
  let full = null;
  const noRoom = (error) => {
    if (!(error instanceof store.StorageFull)) throw error;
    full = error;
  };
  const waiting = (await queue.list()).filter((row) => row.state === queue.WAITING);
  for (const rows of deliveries(waiting)) {
    const answers = rows.length > 1 ? await sendSeveral(device, rows) : null;
    if (answers) for (const [row, answer] of answers) await heed(row, answer).catch(noRoom);
    else for (const row of rows) await sendOne(device, row).catch(noRoom);
    await progress();
  }
  return full;
}

let several = true; // not after a delivery of several went wrong, until a run has ended well

// Small entries that follow each other go together, those with photos by themselves.
function deliveries(rows) {
  const made = [];
  let room = 0;
  for (const row of rows) {
    const letters = several && !row.entry.photos.length ? JSON.stringify(row.entry).length : LETTERS;
    if (letters < room && made.at(-1).length < TOGETHER) made.at(-1).push(row);
    else {
      made.push([row]);
      room = LETTERS;
    }
    room -= letters;
  }
  return made;
}

// [row, its answer] of each; null where the delivery was refused whole, for which one of them may be at fault.
async function sendSeveral(device, rows) {
  const tried = await queue.trying(rows);
  try {
    return await answersOf(device, tried);
  } catch (error) {
    several = false;
    if (!(error instanceof transport.Refused)) throw error;
    return null;
  }
}

async function answersOf(device, rows) {
  const told = await heard(transport.sendEntries(device, rows.map(queue.envelope)));
  return rows.map((row) => [row, told.entries?.find((one) => one.id === row.id)]);
}

async function sendOne(device, row) {
  try {
    await sendPhotos(row.entry.photos);
    if (!(await queue.trying([row])).length) return;
    let [[, answer]] = await answersOf(device, [row]);
    if (answer?.state === "MISSING") {
      await store.ifRoom(queue.notThere(row, t("send.not_now")));
      await sendPhotos(answer.photos ?? row.entry.photos, true);
      if (!(await queue.trying([row])).length) return;
      [[, answer]] = await answersOf(device, [row]);
    }
    await heed(row, answer);
  } catch (error) {
    if (!(error instanceof transport.Refused)) throw error;
    await queue.troubled(row, error.words || t("send.unreadable"));
  }
}

async function heed(row, answer) {
  if (answer?.state === "MISSING") await queue.notThere(row, t("send.not_now"));
  else if (!answer || answer.state === "FAULT") await queue.troubled(row, t("send.not_now"));
  else await queue.answered(row, answer);
}

const sent = new Set();

async function sendPhotos(digests, again = false) {
  for (const sha256 of digests) {
    if (sent.has(sha256) && !again) continue;
    const content = await queue.photo(sha256);
    if (!content) continue; // a mended entry names one the server has already
    const told = await transport.sendPhoto(sha256, content).catch(ofPhoto);
    if (told.kept) sent.add(sha256);
  }
}

// Said of the photo, so that she knows what to change.
function ofPhoto(error) {
  if (error instanceof transport.Refused) error.words = t("send.photo", { words: error.words });
  throw error;
}

async function fetchCaseload(device) {
  const { etag } = await store.readState();
  const told = await heard(transport.askCaseload(device, etag));
  if (told === null) return queue.dropDrafts(await caseload());
  const { server_time: _at, v: _v, etag: _etag, language: _language, ...carried } = told;
  await queue.dropDrafts({ ...EMPTY, ...carried });
  const sealed = await vault.seal(carried, CASELOAD);
  await store.write(async (at) => {
    await at("caseload").put(sealed, CASELOAD);
    await store.patchIn(at, { etag: told.etag });
  });
}

export async function caseload() {
  const sealed = await store.read("caseload", CASELOAD);
  return { ...EMPTY, ...(sealed && (await vault.unseal(sealed, CASELOAD))) };
}
