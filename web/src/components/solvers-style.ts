// How the screen of the solver laboratory is laid out.

import { css } from 'lit';

export const screen = css`
  :host {
    container-type: inline-size;
  }
  .page {
    max-width: 1320px;
    margin: 0 auto;
    padding: 0 clamp(14px, 2.5cqw, 32px) 32px;
  }
  .page.embed {
    padding: 12px;
  }
  header:not(.unseen) {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 14px 0;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
  }
  h1 {
    margin: 0;
    font-size: 1.1875rem;
    font-weight: 650;
    letter-spacing: -0.015em;
  }
  .brand p {
    margin-left: 6px;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
    align-items: start;
  }
  .picture,
  .panel,
  .more {
    display: grid;
    gap: 16px;
    min-width: 0;
  }
  .side {
    display: grid;
    gap: 10px;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(46%, 150px), 1fr));
    gap: 14px;
  }
  figure {
    margin: 0;
    min-width: 0;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    margin-top: 6px;
    font-size: 0.875rem;
    line-height: 1.35;
  }
  .time {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 14px;
    align-items: center;
  }
  .play {
    width: var(--target);
    padding: 0;
  }
  .track input {
    display: block;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    margin-top: -10px;
  }
  .time i {
    font-family: Georgia, 'Times New Roman', 'DejaVu Serif', serif;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 14px;
  }
  .bar h2 {
    margin-right: auto;
  }
  .bar progress {
    flex: 1 1 90px;
    min-width: 0;
  }
  .pair {
    display: flex;
  }
  .pair button {
    border-radius: 0;
    font-size: 0.875rem;
  }
  .pair button:first-child {
    border-radius: var(--radius) 0 0 var(--radius);
  }
  .pair button:last-child {
    margin-left: -1px;
    border-radius: 0 var(--radius) var(--radius) 0;
  }
  .pair [aria-pressed='true'] {
    position: relative;
  }
  unnoise-errors-chart {
    container-type: inline-size;
  }
  progress {
    appearance: none;
    height: 6px;
    border: 0;
    border-radius: 3px;
    background: var(--sunken);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--line);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
  }
  progress::-moz-progress-bar {
    background: var(--accent);
  }
  .own {
    display: grid;
    gap: 4px;
  }
  .own label {
    font-size: 0.875rem;
    font-weight: 500;
  }
  .own p:empty {
    display: none;
  }
  .solvers {
    display: grid;
    gap: 22px;
  }
  .line {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    align-items: start;
  }
  .copy {
    padding: 0;
  }
  pre {
    margin: 0;
    padding: 10px 12px;
    min-height: var(--target);
    border-radius: var(--radius);
    background: var(--sunken);
    font: 0.8125rem/1.6 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .failed {
    max-width: 560px;
    margin: 12vh auto;
    gap: 14px;
    justify-items: start;
  }
  unnoise-pages {
    margin-left: auto;
  }
  @container (width < 800px) {
    .brand p {
      display: none;
    }
  }
  @container (width < 560px) {
    header {
      flex-wrap: wrap;
    }
    unnoise-pages {
      order: 1;
      width: 100%;
      margin: -10px -12px;
    }
    .pair {
      width: 100%;
    }
    .pair button {
      flex: 1;
      padding: 0 6px;
    }
  }
  @container (width >= 960px) {
    main {
      grid-template-columns: minmax(0, 1fr) 372px;
      grid-template-rows: auto 1fr;
      column-gap: 24px;
    }
    .plots {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
    .panel {
      grid-row: 1 / span 2;
      grid-column: 2;
    }
  }
`;
