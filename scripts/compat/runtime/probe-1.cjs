/** Stand-in for the runtime: counts the probes of a program and hands every value through. Prints the counts when the process ends. */
const counts = {};
const count =
  (name, result) =>
  (...args) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return result(...args);
  };
let tokens = 0;
exports.gates = (size) => new Int32Array(size);
exports.register = count('register', () => 0);
for (let n = 0; n <= 8; n++) {
  exports[`enter${n}`] = count('enter', () => ++tokens);
  exports[`values${n}`] = count('values', () => {});
}
for (const name of ['exit', 'hold', 'end']) exports[name] = count(name, () => {});
for (const name of ['thrown', 'caught', 'suspend', 'suspendYield', 'delegate', 'suspendLoop', 'resume'])
  exports[name] = count(name, (_token, value) => value);
process.on('exit', () => console.log(`probes ${JSON.stringify(counts)}`));
