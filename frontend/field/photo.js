// A photo as it is kept: so long at most, drawn anew, so that nothing the camera wrote beside it comes along.
export const EDGE = 600;
export const EDGE_OF_PAPER = 1200; // names on a sheet stay legible; the server keeps no more
const QUALITY = 0.8;

export class NoPicture extends Error {}

export async function reduced(file, edge = EDGE) {
  const { canvas, context } = await drawn(file, edge);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || !context) throw new NoPicture();
  const content = new Uint8Array(await blob.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return { content, sha256: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

// On a canvas: the page's policy lets no picture in from memory.
export async function drawn(source, edge = EDGE) {
  let picture;
  try {
    picture = await createImageBitmap(source instanceof Uint8Array ? new Blob([source]) : source);
  } catch {
    throw new NoPicture();
  }
  const share = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const context = canvas.getContext("2d");
  context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return { canvas, context };
}
