// The process laboratory's start: gives it its surroundings in the browser and
// the screen its laboratory.

import { carriedFiles } from './carried';
import './components/process-app';
import { Engine, portOf } from './engine/client';
import type { ProcessCalls } from './engine/process-protocol';
import { missing } from './engine/support';
import { framed, tellSize, watchView } from './frame';
import { ProcessLab } from './processes/lab';
import './styles/tokens.css';

const lacks = missing();
const carried = carriedFiles();
const port = portOf(
  lacks === null,
  () =>
    new Worker(new URL('./engine/process-worker.ts', import.meta.url), {
      type: 'module',
    }),
  carried?.worker,
);

const lab = new ProcessLab(new Engine<ProcessCalls>(port), {
  base: document.baseURI,
  carried: carried && { module: carried.module, wasm: carried.wasm },
  form: document.documentElement.dataset['form'] === 'embed' ? 'embed' : 'page',
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
if (lab.form === 'embed') tellSize(app);

// Nothing is loaded before the page is first seen, which the top one always is.
let started = false;
function attend(seen: boolean): void {
  if (started || !seen) return;
  started = true;
  void lab.start(lacks);
}
if (framed) watchView(app, attend);
else attend(true);
addEventListener('hashchange', ({ newURL }) => {
  if (started) void lab.openLink(new URL(newURL).hash);
});
