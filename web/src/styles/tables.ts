// What opens up to show a picture's numbers as a table that scrolls.

import { css } from 'lit';

export const tables = css`
  summary {
    display: flex;
    align-items: center;
    min-height: var(--target);
  }
  summary::before {
    content: '›';
    display: inline-block;
    width: 14px;
    font-size: 1.1em;
  }
  details[open] summary::before {
    content: '⌄';
  }
  .scroll {
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    text-align: right;
  }
  th {
    font-weight: 400;
  }
  .scroll thead th {
    position: sticky;
    top: 0;
    background: var(--surface);
    font-weight: 600;
  }
  .scroll th,
  .scroll td {
    padding: 4px 8px;
    border-bottom: 1px solid var(--line);
  }
`;
