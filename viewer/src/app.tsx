/** The page: bar, list or trace. Files can be dropped anywhere. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { addDropped } from './state/dropped-files.ts';
import { openTrace } from './state/state.ts';
import { Help } from './shell/help.tsx';
import { pressKey } from './shell/global-keys.ts';
import { ProblemList } from './shell/problem-list.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { TracePage } from './shell/trace-page.tsx';
import { ListView } from './views/list/list-view.tsx';
import './shell/shell.css';

export function App(): JSX.Element {
  useEffect(() => {
    addEventListener('keydown', pressKey);
    return () => removeEventListener('keydown', pressKey);
  }, []);
  const trace = openTrace.value;
  return (
    <div class="page" onDragOver={allowFiles} onDrop={takeFiles}>
      <TopBar />
      <ProblemList />
      <main class="page-main">{trace === undefined ? <ListView /> : <TracePage key={trace.summary.id} trace={trace} />}</main>
      <Help />
    </div>
  );
}

function allowFiles(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}

function takeFiles(event: DragEvent): void {
  if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  void addDropped(event.dataTransfer);
}
