// One run: the share, each waiting entry by itself, decisions, the caseload. A Stop ends it; what is done stays done.
import { learnt } from "./clock.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as transport from "./transport.js";
import * as vault from "./vault.js";
import { t } from "./words.js";

const CASELOAD = "caseload";
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
  for (const row of await queue.list()) {
    if (row.state !== queue.WAITING) continue;
    await sendOne(device, row).catch((error) => {
      if (!(error instanceof store.StorageFull)) throw error;
      full = error;
    });
    await progress();
  }
  return full;
}

async function sendOne(device, row) {
  try {
    await sendPhotos(row.entry.photos);
    if (!(await queue.trying(row))) return;
    let answer = await send(device, row);
    if (answer?.state === "MISSING") {
      await store.ifRoom(queue.notThere(row, t("send.not_now")));
      await sendPhotos(answer.photos ?? row.entry.photos, true);
      if (!(await queue.trying(row))) return;
      answer = await send(device, row);
    }
    if (answer?.state === "MISSING") {
      await queue.notThere(row, t("send.not_now"));
    } else if (!answer || answer.state === "FAULT") {
      await queue.troubled(row, t("send.not_now"));
    } else {
      await queue.answered(row, answer);
    }
  } catch (error) {
    if (!(error instanceof transport.Refused)) throw error;
    await queue.troubled(row, error.words || t("send.unreadable"));
  }
}

async function send(device, row) {
  const told = await heard(transport.sendEntry(device, queue.envelope(row)));
  return told.entries?.find((one) => one.id === row.id);
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
