// What the screen of the solver laboratory has of its own, beside styles/page.ts.

import { css } from 'lit';

export const screen = css`
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
  @container (width < 560px) {
    .pair {
      width: 100%;
    }
    .pair button {
      flex: 1;
      padding: 0 6px;
    }
  }
  @container (width >= 960px) {
    .plots {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
`;
