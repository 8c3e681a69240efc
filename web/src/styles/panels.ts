// Styles of the panels beside and below the picture: cards, and groups that
// open up.

import { css } from 'lit';

export const panels = css`
  .card {
    display: grid;
    gap: 14px;
    padding: 18px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--surface);
    min-width: 0;
  }
  .group {
    border-top: 1px solid var(--line);
  }
  .card > .group {
    margin: 0 0 -14px;
  }
  .group summary {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 48px;
    font-weight: 500;
    list-style: none;
  }
  .group summary::-webkit-details-marker {
    display: none;
  }
  .group summary::after {
    content: '';
    width: 7px;
    height: 7px;
    margin: -3px 4px 0 auto;
    border: solid var(--muted);
    border-width: 0 1.6px 1.6px 0;
    transform: rotate(45deg);
  }
  .group[open] summary::after {
    margin-top: 3px;
    transform: rotate(-135deg);
  }
  .group[open] {
    padding-bottom: 18px;
  }
  .group p {
    margin-bottom: 14px;
  }
  .badge {
    padding: 1px 8px;
    border-radius: 99px;
    background: var(--accent-soft);
    color: var(--accent);
    font-size: 0.75rem;
    font-weight: 500;
  }
`;
