// A pad to sign on, of the site and of the app: strokes are points of a canvas 600 wide and 240 high, and the server draws
// them anew (graduation.signing). Finger, pen and mouse alike.

const STROKES_MOST = 80; // as the server takes
const POINTS_MOST = 1200; // with all of them an entry of a phone stays under its 16,000 letters

export const pointsOf = (strokes) => strokes.reduce((sum, line) => sum + line.length, 0);

// As a form's field keeps them: nothing where nobody signed.
export const textOf = (strokes) => (strokes.length ? JSON.stringify(strokes) : "");

// `changed` is told the strokes after each, and after they were cleared. Gives what clears them.
export function pad(canvas, strokes, changed) {
  const pen = canvas.getContext("2d");
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  let lines = strokes;
  let line = null;
  let finger = null; // of several at once the first writes
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      within((event.clientX - box.left) / box.width, canvas.width), within((event.clientY - box.top) / box.height, canvas.height),
    ];
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    for (const each of lines) {
      pen.beginPath();
      each.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (each.length === 1) pen.lineTo(...each[0]);
      pen.stroke();
    }
  };
  const end = ({ pointerId }) => {
    if (!line || pointerId !== finger) return;
    line = null;
    lines = fewer(lines);
    draw();
    changed(lines);
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    if (line || lines.length >= STROKES_MOST) return;
    finger = event.pointerId;
    canvas.setPointerCapture(finger);
    line = [place(event)];
    lines.push(line);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!line || event.pointerId !== finger) return;
    line.push(place(event));
    draw();
  });
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  draw();
  return () => {
    lines = [];
    line = null;
    draw();
    changed(lines);
  };
}

// A finger that leaves the pad writes along its edge.
const within = (share, size) => Math.round(Math.min(Math.max(share, 0), 1) * (size - 1));

// Every other point within a stroke goes until there are few enough; ends stay.
function fewer(lines) {
  let kept = lines;
  while (pointsOf(kept) > POINTS_MOST) kept = kept.map((line) => line.filter((_, at) => at % 2 === 0 || at === line.length - 1));
  return kept;
}
