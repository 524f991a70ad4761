/** The flag in every form in which a function could ask for it. It was on before, as after a recording: what was never written folds to a constant. */
export let on = true;
export const state = { on: true };
export const words = new Int32Array([1]);
export const key = Symbol('bench.flag');
globalThis[key] = { on: true };

export function turnOff() {
  on = false;
  state.on = false;
  words[0] = 0;
  globalThis[key].on = false;
}
