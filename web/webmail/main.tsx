import { render } from 'preact';
import { App } from './frame/app.tsx';
import { begin } from './state/start.ts';

const root = document.getElementById('app');
await begin();
if (root) render(<App />, root);
