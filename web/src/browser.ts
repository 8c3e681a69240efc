// What a page needs of the browser (store/surroundings.ts): the real thing.

import type { Carried } from './engine/protocol';
import type { Surroundings } from './store/surroundings';

export function browser(carried: Carried | null): Surroundings {
  return {
    base: document.baseURI,
    page: location.href.replace(/#.*$/, ''),
    form:
      document.documentElement.dataset['form'] === 'embed' ? 'embed' : 'page',
    carried,
    hash: () => location.hash,
    setHash: (hash) => {
      try {
        history.replaceState(null, '', hash);
      } catch {
        // Some frames have no address to write; the link can still be copied.
      }
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
}
