// The page inside another page: how high it would like to be, which it tells
// the page around it, and whether it can be seen there. Knows nothing of what
// it shows.

/**
 * What the page around gets by postMessage, whenever the size changes. It is
 * sent to any origin: a size is no secret.
 */
export interface SizeMessage {
  type: 'unnoise:size';
  /** CSS pixels, whole. */
  height: number;
  width: number;
}

export const framed = window.parent !== window;

/** Tells the page around, if there is one, how much room the element takes. */
export function tellSize(element: Element): void {
  if (!framed) return;
  let before = '';
  new ResizeObserver(() => {
    const { width, height } = element.getBoundingClientRect();
    const message: SizeMessage = {
      type: 'unnoise:size',
      height: Math.ceil(height),
      width: Math.ceil(width),
    };
    const now = JSON.stringify(message);
    if (now !== before) window.parent.postMessage(message, '*');
    before = now;
  }).observe(element);
}

/** Calls back with whether any of the element is in view, first as soon as it is known. */
export function watchView(
  element: Element,
  callback: (seen: boolean) => void,
): void {
  new IntersectionObserver((entries) => {
    callback(entries.at(-1)?.isIntersecting ?? false);
  }).observe(element);
}
