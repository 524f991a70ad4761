// An async function with three awaits: what suspend and resume cost.
async function step(n) {
  const a = await n;
  const b = await (a + 1);
  return await (b + 1);
}

export async function batch() {
  let total = 0;
  for (let i = 0; i < 500; i++) total += await step(i);
  return total;
}
