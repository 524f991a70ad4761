/** What one takes away from an open trace: a link to what is seen, or the trace in a file. */
import type { JSX } from 'preact';
import { Menu } from '../parts/menu.tsx';
import { presentLink } from '../state/address.ts';
import { exportChoices, exportTrace } from '../state/export-trace.ts';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { reportProblem, say } from '../state/state.ts';

/** How people call the formats of the table, shorter than what opens them. */
const NAMES: Readonly<Record<string, string>> = {
  html: 'HTML page',
  json: 'JSON',
  captureflow: 'CaptureFlow JSON',
  otlp: 'OTLP JSON',
  chrome: 'Chrome trace',
  firefox: 'Firefox profile',
  speedscope: 'speedscope',
  cpuprofile: 'CPU profile',
  dot: 'Graphviz',
  mermaid: 'Mermaid',
};

export function ExportMenu({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  return (
    <Menu
      label="Export"
      title="The trace as a file, or a link to what is shown"
      items={[
        { name: 'Copy link', note: 'to what is shown now', choose: () => void copyLink() },
        ...exportChoices.map((choice, index) => ({
          name: NAMES[choice.name] ?? choice.name,
          note: choice.title,
          divided: index === 0,
          choose: () => void exportTrace(trace, choice),
        })),
      ]}
    />
  );
}

async function copyLink(): Promise<void> {
  const link = presentLink();
  try {
    await navigator.clipboard.writeText(link);
    say('Link copied');
  } catch {
    reportProblem(`The browser does not let the page copy. The link is ${link}`);
  }
}
