/** The table of one program: a row a variant. */
import { formatInterval } from 'captureflow/measure';

/** `titles`: of the variants that are shown beside `plain`. */
export function programTable({ title, calls, variants }, titles) {
  const [plain] = variants;
  return {
    title: `${title}: ${plain.nsPerCall.toFixed(1)} ns a call plain, ${plain.bytesPerCall.toFixed(0)} B (${calls} calls a batch)`,
    head: ['', 'ns a call', 'added', 'times plain', '95 %', 'processor time', 'bytes added', ''],
    rows: variants
      .filter(({ variant }) => variant in titles)
      .map((row) => [
        titles[row.variant],
        row.nsPerCall.toFixed(1),
        row.addedNs.toFixed(1),
        row.ratio.toFixed(2),
        formatInterval(row.interval),
        row.cpuRatio.toFixed(2),
        Number.isNaN(row.addedBytes) ? '' : row.addedBytes.toFixed(1),
        row.variant === 'control' ? '' : row.verdict,
      ]),
  };
}
