// The page's start: gives the lab its surroundings in the browser and the
// screen its lab.

import './components/app';
import { startEngine } from './engine/client';
import { missing } from './engine/support';
import { Lab } from './store/lab';
import type { Surroundings } from './store/surroundings';
import './styles/tokens.css';

const around: Surroundings = {
  base: document.baseURI,
  page: location.href.replace(/#.*$/, ''),
  hash: () => location.hash,
  setHash: (hash) => {
    history.replaceState(null, '', hash);
  },
  reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
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
  save: (name, content) => {
    const blob = new Blob([content as BlobPart]);
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    anchor.click();
    setTimeout(() => {
      URL.revokeObjectURL(anchor.href);
    }, 10_000);
  },
};

const lacks = missing();
const lab = new Lab(startEngine(lacks === null), around);

document.addEventListener('visibilitychange', () => {
  lab.hold(document.hidden);
});
addEventListener('hashchange', ({ newURL }) => {
  // Not location.hash: the page may have written its own address since.
  void lab.openLink(new URL(newURL).hash);
});

const app = document.createElement('unnoise-app');
app.lab = lab;
document.body.append(app);
void lab.start(lacks).then(() => {
  if (document.hidden) lab.hold(true);
});

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-app': import('./components/app').AppElement;
  }
}
