import { render } from 'preact';
import { App } from './frame/app.tsx';
import { begin } from './state/start.ts';

/** Drawn once, whole; a server that takes longer is waited for before one's eyes. */
const PATIENCE_MS = 400;

const root = document.getElementById('app');
await Promise.race([begin(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
if (root) render(<App />, root);
