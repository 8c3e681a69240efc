// Holds the page's state and tells whoever listens that it was replaced. It
// knows no engine and decides nothing; the rest of this folder does.

import type { Problem, Problems } from '../engine/core';
import { t } from '../strings';
import { initialState, type LabState, type Notice } from './state';

export class Store {
  state: LabState = initialState();
  private readonly listeners = new Set<() => void>();
  private changes: Promise<unknown> = Promise.resolve();

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  update(patch: Partial<LabState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  setView(view: Partial<LabState['view']>): void {
    this.update({ view: { ...this.state.view, ...view } });
  }

  /** Changes of the experiment happen one after the other. */
  change(task: () => Promise<void>): Promise<void> {
    const run = this.changes.then(task);
    this.changes = run.catch(() => undefined);
    return run;
  }

  /** Shows a notice in place of the one with the same id. */
  notify(
    id: string,
    tone: Notice['tone'],
    title: string,
    problems: Problem[] = [],
  ): void {
    const others = this.state.notices.filter((notice) => notice.id !== id);
    this.update({ notices: [...others, { id, tone, title, problems }] });
  }

  /** What the engine should have done and could not. */
  engineFailed({ problems }: Problems): void {
    this.notify('engine', 'problem', t('notice.engine'), problems);
  }

  dropNotice(id: string): void {
    const notices = this.state.notices.filter((notice) => notice.id !== id);
    if (notices.length < this.state.notices.length) this.update({ notices });
  }

  /** Speaks to the polite live region. */
  say(said: string): void {
    this.update({ said });
  }
}
