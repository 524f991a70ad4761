/** Preloaded: writes the processor time of the whole process, in ms, to the file that the environment names. */
process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync(process.env.BENCH_CPU_FILE, String((user + system) / 1000));
});
