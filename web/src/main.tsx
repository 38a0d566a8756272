import { render } from 'preact';
import { App } from './frame/app.tsx';
import { connect } from './state/store.ts';

/** The page is drawn once, whole; an internet that takes longer is waited for before its eyes. */
const PATIENCE_MS = 400;

const root = document.getElementById('app');
await Promise.race([connect(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
if (root) render(<App />, root);
