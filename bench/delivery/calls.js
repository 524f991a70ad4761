// A long root that never holds the loop up itself: portions of calls with numbers, texts and objects, each in a turn of its own.
const PORTION = 500;

function area(width, height) {
  const product = width * height;
  return product;
}

function label(shape, index) {
  return index % 2 === 0 ? shape.kind : shape.name;
}

function round(index) {
  const shape = { kind: 'box', name: `box ${index % 100}`, size: { width: index, height: 2.5 } };
  return area(index, 2.5) + label(shape, index).length;
}

export async function work(calls) {
  let total = 0;
  for (let done = 0; done < calls; ) {
    for (const end = Math.min(calls, done + PORTION); done < end; done += 3) total += round(done);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
