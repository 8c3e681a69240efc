// How the drawing dialog looks: the whole of a small screen, a card with the
// tools beside the sheet on a large one.

import { css } from 'lit';

export const dialog = css`
  dialog {
    width: 100%;
    max-width: none;
    height: 100dvh;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    background: var(--paper);
    color: var(--ink);
    overscroll-behavior: contain;
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  dialog > header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 6px 6px 6px 16px;
  }
  header h2 {
    font-size: 1rem;
    white-space: nowrap;
  }
  header p {
    margin-left: auto;
    white-space: nowrap;
  }
  .full {
    color: var(--problem);
    font-weight: 600;
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 0 16px 16px;
  }
  .body > * {
    flex: none;
  }
  unnoise-drawing-canvas {
    width: 100%;
    /* Leaves room for the tools, and for a finger that scrolls past. */
    max-width: min(100%, 58dvh);
    margin: 0 auto;
  }
  .tools {
    display: grid;
    align-content: start;
    gap: 14px;
    min-width: 0;
  }
  .strokes {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 8px;
  }
  .pair {
    display: flex;
  }
  .pair button {
    border-radius: 0;
  }
  .pair button + button {
    margin-left: -1px;
  }
  .pair button:first-child {
    border-radius: var(--radius) 0 0 var(--radius);
  }
  .pair button:last-child {
    border-radius: 0 var(--radius) var(--radius) 0;
  }
  .pair button[aria-pressed='true'] {
    z-index: 1;
  }
  .pair button[aria-label] {
    padding: 0;
  }
  legend,
  .sliders label {
    padding: 0;
    font-size: 0.8125rem;
    font-weight: 500;
  }
  legend {
    margin-bottom: 4px;
  }
  .palette {
    display: grid;
    grid-template-columns: repeat(8, minmax(0, 1fr));
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .palette label {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 5px;
    min-height: var(--target);
    border-radius: calc(var(--radius) - 1px);
    font-size: 0.8125rem;
    cursor: pointer;
  }
  .palette input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .palette label:has(:checked) {
    background: var(--accent-soft);
    box-shadow: inset 0 0 0 1.5px var(--accent);
    font-weight: 600;
  }
  .palette label:has(:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .sliders {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 20px;
  }
  .sliders label {
    display: flex;
    justify-content: space-between;
  }
  .sliders input[type='range'] {
    margin: -6px 0 -10px;
  }
  .shown {
    justify-self: start;
    max-width: 100%;
    font-size: 0.875rem;
    text-align: left;
  }
  textarea {
    display: block;
    font-family: var(--mono);
    font-size: 0.8125rem;
    resize: vertical;
  }
  textarea + p {
    margin-top: 6px;
  }
  dialog > footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    padding: 10px 16px max(10px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .told {
    flex: 1 1 240px;
  }
  @media (width < 390px) {
    dialog > header {
      gap: 4px;
    }
    .palette {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  /* The keys are of no use to fingers; screen readers keep them. */
  @media (pointer: coarse) {
    #about {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @media (width >= 800px) and (height >= 480px) {
    dialog {
      width: fit-content;
      height: fit-content;
      max-width: calc(100vw - 32px);
      max-height: calc(100dvh - 32px);
      margin: auto;
      border-radius: 16px;
      box-shadow: 0 24px 80px rgb(0 0 0 / 30%);
    }
    .body {
      display: grid;
      align-content: start;
      grid-template-columns: min(560px, 100dvh - 190px) 360px;
      gap: 20px;
    }
    unnoise-drawing-canvas {
      max-width: none;
    }
  }
`;
