/**
 * What do the recorder's choices gain over their alternatives? Each case is the choice in a bare form of our own, its alternatives side by side, each in processes of
 * its own. A case is `{ title, operations, chosen, batch: { [name]: function } }`: so many operations a call of each function, and the name of what the recorder does.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatInterval, interleave, interval, median } from 'captureflow/measure';
import { runChild } from '../measure/run-child.mjs';

const folder = new URL('cases/', import.meta.url);
const prepare = new URL('../measure/prepare/alternative.mjs', import.meta.url).href;

export const name = 'choices';
export const cases = readdirSync(folder).map((file) => `choice-${file.replace(/\.mjs$/, '')}`);

export async function run({ only, print, ...context }) {
  const figures = [];
  for (const title of only) figures.push(await measure(title, context));
  const table = {
    title: 'Choices of the recorder and what else there is: ns an operation',
    head: ['choice', 'alternative', 'ns', 'ratio', ''],
    rows: figures.flatMap(({ about, alternatives }) =>
      alternatives.map(({ alternative, ns, ratio, bounds, chosen }) => [
        about,
        alternative,
        ns.toFixed(1),
        chosen ? '1' : `${ratio.toFixed(2)} ${formatInterval(bounds)}`,
        chosen ? 'chosen' : '',
      ]),
    ),
    notes: ['Ratios to what is chosen, medians of the rounds with their 95 % interval.'],
  };
  print(table);
  return { figures, tables: [table], bars: [] };
}

async function measure(title, { node, rounds, ms, progress }) {
  const url = new URL(`${title.replace('choice-', '')}.mjs`, folder);
  const { title: about, operations, chosen, batch } = await import(url.href);
  const lanes = Object.keys(batch).map((alternative) => ({ name: alternative, title: alternative }));
  const samples = await interleave(
    lanes,
    rounds,
    (lane) => runChild({ node, file: fileURLToPath(url), prepare, options: { alternative: lane.name }, ms: ms / 4 }),
    (done, all) => progress(`${title}: ${done} of ${all} processes`),
  );
  const alternatives = lanes.map(({ name: alternative }) => {
    const ratios = samples[alternative].map(({ ns }, round) => ns / samples[chosen][round].ns);
    return {
      alternative,
      chosen: alternative === chosen,
      ns: median(samples[alternative].map(({ ns }) => ns)) / operations,
      ratio: median(ratios),
      bounds: interval(ratios),
    };
  });
  return { title, about, alternatives };
}
