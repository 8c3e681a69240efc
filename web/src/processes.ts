// The process laboratory's start: gives it its surroundings in the browser and
// the screen its laboratory.

import './components/process-app';
import { Engine, type Port } from './engine/client';
import type { ProcessCalls } from './engine/process-protocol';
import { missing } from './engine/support';
import { ProcessLab } from './processes/lab';
import './styles/tokens.css';

const lacks = missing();
const idle: Port = {
  postMessage: () => undefined,
  onmessage: null,
  onerror: null,
};
const port = lacks
  ? idle
  : new Worker(new URL('./engine/process-worker.ts', import.meta.url), {
      type: 'module',
    });

const lab = new ProcessLab(new Engine<ProcessCalls>(port), {
  base: document.baseURI,
  page: location.href.replace(/#.*$/, ''),
  hash: () => location.hash,
  setHash: (hash) => {
    try {
      history.replaceState(null, '', hash);
    } catch {
      // Some frames have no address to write; the link can still be copied.
    }
  },
  nextFrame: (callback) => {
    requestAnimationFrame(callback);
  },
  copy: async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // Refused, as in most frames of other sites.
    }
  },
});

const dress = (): void => {
  const { dataset } = document.documentElement;
  const { theme } = lab.state.view;
  // Every canvas is drawn anew whenever it is set, even to what it was.
  if (dataset['theme'] !== theme) dataset['theme'] = theme;
};
dress();
lab.subscribe(dress);

const app = document.createElement('unnoise-process-app');
app.lab = lab;
document.body.append(app);
addEventListener('hashchange', ({ newURL }) => {
  void lab.openLink(new URL(newURL).hash);
});
void lab.start(lacks);
