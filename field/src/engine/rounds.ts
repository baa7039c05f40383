/** The rounds of an open phone: one at a time, in one window at a time, now and then by themselves. */

import type { Code, Progress, Report } from './engine.ts';
import { Trouble } from './engine.ts';
import type { Platform } from './platform.ts';
import { Rhythm } from './rhythm.ts';
import type { Session } from './session.ts';
import { codeOf, nothing } from './sync.ts';
import type { Renewal } from './update.ts';

const TELL_EVERY_MS = 100;

/** Whom the rounds serve, and who hears how they go. */
export interface Served {
  session(): Session | null;
  /** Something to be seen has changed; `rows`: what the phone holds, too. */
  changed(rows: boolean): void;
  /** The office has taken the phone back. */
  revoked(): Promise<void>;
}

export class Rounds {
  busy: Progress | null = null;
  problem: Code | null = null;
  readonly rhythm: Rhythm;
  readonly #platform: Platform;
  readonly #renewal: Renewal;
  readonly #served: Served;
  #running: Promise<Report> | null = null;
  #stale = false;
  #told = 0;

  constructor(platform: Platform, renewal: Renewal, served: Served) {
    this.#platform = platform;
    this.#renewal = renewal;
    this.#served = served;
    this.rhythm = new Rhythm(platform, () => void this.run().catch(() => undefined));
  }

  /** The round that runs, or a new one. */
  run(): Promise<Report> {
    const session = this.#served.session();
    if (!session) return Promise.reject(new Trouble('locked'));
    this.#running ??= this.#round(session).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  stop(): void {
    this.rhythm.stop();
    this.busy = this.problem = null;
  }

  /** Another window has written: what it wrote is read now, or when the round here is over. */
  async refresh(): Promise<void> {
    if (this.#running) this.#stale = true;
    else await this.#served.session()?.load();
  }

  async #round(session: Session): Promise<Report> {
    const report = (await this.#platform.alone(() => session.round(this.#hearing())).catch((error) => nothing(codeOf(error)))) ?? nothing();
    this.busy = null;
    if (report.trouble === 'revoked') await this.#served.revoked();
    else if (this.#served.session() === session) await this.#ended(session, report);
    return report;
  }

  async #ended(session: Session, report: Report): Promise<void> {
    this.problem = report.trouble;
    if (this.#stale) await session.load();
    this.#stale = false;
    this.rhythm.ended(!report.trouble);
    this.#served.changed(true);
  }

  #hearing() {
    const { version } = this.#renewal;
    return { app: version, progress: (progress: Progress) => this.#progress(progress), newest: (app: string) => this.#renewal.look(app) };
  }

  #progress(progress: Progress): void {
    const news = progress.phase !== this.busy?.phase;
    this.busy = progress;
    if (!news && this.#platform.now() - this.#told < TELL_EVERY_MS) return;
    this.#told = this.#platform.now();
    if (news) this.#served.session()?.changed();
    this.#served.changed(false);
  }
}
