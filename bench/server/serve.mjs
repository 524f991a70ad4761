/** The process of a server that is measured: starts recording as it is asked to, then the program, and tells what it used. */
const { main, record } = JSON.parse(process.argv[2]);
const discard = { name: 'discard', export() {}, flush() {}, shutdown() {} };
const OPTIONS = {
  default: {},
  everything: { budget: 1, exporters: [discard], keep: () => 'drop' },
  shipped: { budget: 1 },
};

if (record in OPTIONS) (await import('@captureflow/runtime')).start(OPTIONS[record]);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: user + system, peak: process.resourceUsage().maxRSS });
});
await import(main);
