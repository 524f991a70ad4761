/**
 * The recorder around each batch, one root a batch (`options.roots`: so many batches, each a root, are one). `options.start` goes to `start`; `options.stop`: recording is over before anything is
 * timed; `options.drop`: finished roots are let go of unless `start.keep` says otherwise, so that nothing is encoded.
 */
import { runRoot, start, stats, stop } from '@captureflow/runtime';

/** So many batches, and what is hot is compiled with the recorder's calls inside. */
const RECORDED_BEFORE_STOP = 50;
const discard = { name: 'discard', export() {}, flush() {}, shutdown() {} };

export async function prepare({ start: asked, drop = true, stop: stopped = false, roots = 1 }) {
  start({ exporters: [discard], http: false, signals: false, ...(drop ? { keep: () => 'drop' } : {}), ...asked });
  const once = (batch) => runRoot({ name: 'batch' }, batch);
  const around = roots === 1 ? once : (batch) => repeat(roots, once, batch);
  if (!stopped) return { around, calls: () => stats().calls };
  return {
    async before(batch) {
      for (let i = 0; i < RECORDED_BEFORE_STOP; i++) await around(batch);
      await stop();
    },
  };
}

function repeat(times, once, batch) {
  for (let i = 0; i < times; i++) once(batch);
}
