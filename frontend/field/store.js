// What lies on the phone. Ids, counters and states are legible; all else is sealed by the vault before it comes here.
import { openDB } from "idb";

const NAME = "gandeng-lapangan";
const STORES = ["meta", "caseload", "entries", "photos"];
const STRICT = { durability: "strict" };
const STATE = "state";

export class StorageFull extends Error {}

let opened;

function open() {
  opened ??= openDB(NAME, 1, {
    upgrade: (db) => STORES.forEach((name) => db.createObjectStore(name)),
    blocking: (_old, _new, event) => { event.target.close(); opened = undefined; },
    terminated: () => { opened = undefined; },
  });
  return opened;
}

// All of `work` or nothing, on the disk when this returns. `work` awaits nothing but the stores.
export async function write(work) {
  const db = await open();
  const transaction = db.transaction(STORES, "readwrite", STRICT);
  transaction.done.catch(() => {});
  try {
    const given = await work((name) => transaction.objectStore(name));
    await transaction.done;
    return given;
  } catch (error) {
    try { transaction.abort(); } catch { /* it has ended by itself */ }
    throw full(error) || full(transaction.error) ? new StorageFull() : error;
  }
}

function full(error) {
  return error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
}

export async function read(name, key) {
  return (await open()).get(name, key);
}

export async function readAll(name) {
  return (await open()).getAll(name);
}

export async function keys(name) {
  return (await open()).getAllKeys(name);
}

export async function readState() {
  return (await read("meta", STATE)) ?? {};
}

// Changes fields of the state in one transaction; `change` may be a function of what stands.
export function patchState(change) {
  return write((store) => patchIn(store, change));
}

// For what may be missing: a full phone must still be able to send, which is what frees it. Null where there was no room.
export async function ifRoom(writing) {
  try {
    return await writing;
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    return null;
  }
}

export const patchIfRoom = async (change) => (await ifRoom(patchState(change))) ?? readState();

export async function patchIn(store, change) {
  const stands = (await store("meta").get(STATE)) ?? {};
  const next = { ...stands, ...(typeof change === "function" ? change(stands) : change) };
  await store("meta").put(next, STATE);
  return next;
}

// Keys first, so that a wipe cut short leaves nothing that can be read.
export async function empty(reason) {
  await write((store) => store("meta").put({ wiped: reason }, STATE));
  await write(async (store) => {
    for (const name of STORES.slice(1)) await store(name).clear();
  });
}
