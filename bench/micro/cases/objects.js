// Objects in and out of a function: what looking into them costs where most calls pass one.
function move(point, by) {
  return { x: point.x + by.x, y: point.y + by.y, label: point.label, at: { turn: by.turn } };
}

const step = { x: 1, y: 2, turn: 0 };

export function batch() {
  let point = { x: 0, y: 0, label: 'start', at: { turn: 0 } };
  for (let i = 0; i < 1500; i++) point = move(point, step);
  return point.x;
}
