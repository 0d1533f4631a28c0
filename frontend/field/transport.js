// The doors of the server, as docs/field-sync.md says them. What keeps an entry from being sent now is a Stop.
const ROOT = "/lapangan/v1/";
const MANIFEST = "/lapangan/manifest.webmanifest";
const PATIENCE_MS = 60_000;
const SOON_MS = 3_000;
const SECURE_COOKIE = "__Host-csrf";

// why: offline, login, denied, other, wipe, later, old
export class Stop extends Error {
  constructor(why, seconds = 0) {
    super(why);
    this.why = why;
    this.seconds = seconds;
  }
}

// The server read it and said no; `words` may be empty.
export class Refused extends Error {
  constructor(status, words) {
    super(`${status}`);
    this.status = status;
    this.words = words;
  }
}

export const enterDevice = (id, name) => json("POST", "perangkat", { id, name });
export const askShare = (device) => json("POST", `perangkat/${device}/bagian`, {});
export const askDecided = (device) => json("GET", `jawaban?device=${device}`);
export const sendEntries = (device, entries) => json("POST", "kirim", { device, entries });

export async function askCaseload(device, etag) {
  const answer = await ask("GET", `muatan?device=${device}`, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 304) return null;
  return { ...(await told(answer)), etag: answer.headers.get("ETag") ?? "" };
}

// Whom nobody has entered yet is spoken to in the language chosen on the site.
export async function askLanguage() {
  try {
    const answer = await fetch(MANIFEST, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(SOON_MS) });
    return answer.headers.get("Content-Language");
  } catch {
    return null;
  }
}

export async function sendPhoto(sha256, content) {
  const answer = await ask("PUT", `foto/${sha256}`, { body: content, headers: { "Content-Type": "image/jpeg" } });
  return told(answer);
}

async function json(method, path, body) {
  const sent = body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  return told(await ask(method, path, sent ?? {}));
}

async function ask(method, path, { body, headers = {} }) {
  let answer;
  try {
    answer = await fetch(ROOT + path, {
      method, body, redirect: "manual", cache: "no-store", credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        ...headers, Accept: "application/json", "X-Gandeng-App": "1", "X-Gandeng-Clock": new Date().toISOString(),
        ...(method === "GET" ? {} : { "X-CSRFToken": csrf() }),
      },
    });
  } catch {
    throw new Stop("offline");
  }
  await stopAt(answer);
  return answer;
}

async function stopAt(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new Stop("login");
  if (answer.status === 403) throw new Stop(csrf() ? "denied" : "login"); // signing in brings the cookie that was missing
  if (answer.status === 410) {
    const body = await answer.json().catch(() => ({}));
    throw new Stop(body.wipe === true ? "wipe" : "later");
  }
  if (answer.status === 409) {
    const body = await answer.clone().json().catch(() => ({}));
    if (body.other === true) throw new Stop("other");
  }
  if (answer.status === 426) throw new Stop("old");
  if (answer.status === 429 || answer.status >= 500) {
    throw new Stop("later", Number(answer.headers.get("Retry-After")) || 60);
  }
}

async function told(answer) {
  let body;
  try {
    body = await answer.json();
  } catch {
    throw new Stop(answer.ok ? "offline" : "later");
  }
  if (!answer.ok) throw new Refused(answer.status, body.words ?? "");
  return { ...body, language: answer.headers.get("Content-Language") };
}

function csrf() {
  const cookies = Object.fromEntries(document.cookie.split("; ").map((one) => one.split("=", 2)));
  return cookies[SECURE_COOKIE] ?? cookies.csrf ?? "";
}
