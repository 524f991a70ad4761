/** Starts the page: where its traces come from, what its address says, then the first paint. */
import { render } from 'preact';
import { App } from './app.tsx';
import { start } from './state/start.ts';
import { followTheme } from './state/theme.ts';
import './theme.css';

followTheme();
render(<App />, document.getElementById('app') as HTMLElement);
void start();
