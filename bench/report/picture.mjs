/** Ratios as bars on a logarithmic scale, with their intervals: one SVG, light and dark. Knows no case. */

const WIDTH = 960;
const LEFT = 330;
const RIGHT = 150;
const ROW = 18;
const GROUP = 30;
const TOP = 44;

/** `bars`: `{ group, label, ratio, interval, text }`, in the order in which they are drawn. */
export function drawPicture(title, bars) {
  const highest = Math.max(2, ...bars.map(({ interval: [, high] }) => high));
  const lowest = Math.min(0.9, ...bars.map(({ interval: [low] }) => low));
  const scale = (ratio) => LEFT + ((Math.log(ratio) - Math.log(lowest)) / (Math.log(highest) - Math.log(lowest))) * (WIDTH - LEFT - RIGHT);
  const parts = [];
  let y = TOP;
  let group;
  for (const bar of bars) {
    if (bar.group !== group) {
      group = bar.group;
      y += GROUP;
      parts.push(`<text class="group" x="12" y="${y - 4}">${escape(group)}</text>`);
    }
    const [low, high] = bar.interval.map(scale);
    const one = scale(1);
    const end = scale(bar.ratio);
    parts.push(
      `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escape(bar.label)}</text>`,
      `<rect x="${number(Math.min(one, end))}" y="${y + 3}" width="${number(Math.max(1, Math.abs(end - one)))}" height="${ROW - 6}"/>`,
      `<path d="M${number(low)} ${y + 9}H${number(high)}"/>`,
      `<text x="${number(Math.max(end, high) + 8)}" y="${y + 12}">${escape(bar.text)}</text>`,
    );
    y += ROW;
  }
  const ticks = [1, 1.5, 2, 3, 5, 10, 20, 50, 100, 300, 1000].filter((tick) => tick <= highest);
  const grid = ticks.map(
    (tick) =>
      `<path class="grid" d="M${number(scale(tick))} ${TOP}V${y}"/><text x="${number(scale(tick))}" y="${TOP - 6}" text-anchor="middle">${tick}x</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 16}" width="${WIDTH}" role="img" aria-label="${escape(title)}">
<style>
svg { color: #1f2328; background: #fff; font: 12px system-ui, sans-serif; }
text { fill: currentColor; } .group { font-weight: 600; font-size: 14px; } rect { fill: #4a7fd1; } path { stroke: currentColor; fill: none; } .grid { opacity: 0.15; }
@media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117; } }
</style>
<text class="group" x="12" y="20">${escape(title)}</text>
${[...grid, ...parts].join('\n')}
</svg>
`;
}

function number(value) {
  return value.toFixed(1);
}

function escape(text) {
  return text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]);
}
