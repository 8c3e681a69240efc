// How every page is laid out: the head, the picture with the panel beside it and
// more below, and what stands there where nothing can run.

import { css } from 'lit';

export const page = css`
  :host {
    container-type: inline-size;
  }
  .page {
    max-width: 1320px;
    margin: 0 auto;
    padding: 0 clamp(14px, 2.5cqw, 32px) 32px;
  }
  .page.embed {
    max-width: none;
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
  unnoise-pages {
    margin: 0 4px 0 auto;
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
  .more {
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .failed {
    grid-template: none / minmax(0, 1fr);
    max-width: 560px;
    margin: 12vh auto;
    gap: 14px;
    justify-items: start;
  }
  .failed h2 {
    font-size: 1.375rem;
  }
  .failed pre {
    max-width: 100%;
    margin: 0;
    padding: 12px;
    border-radius: var(--radius);
    background: var(--sunken);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
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
  }
  @container (width >= 640px) {
    .more {
      grid-template-columns: repeat(auto-fit, minmax(max(40%, 280px), 1fr));
    }
  }
  @container (width >= 960px) {
    main {
      grid-template: auto 1fr / minmax(0, 1fr) 372px;
      column-gap: 24px;
    }
    .panel {
      grid-row: 1 / span 2;
      grid-column: 2;
    }
  }
`;
