/** When the next round begins: soon after something was said, now and then by itself, later and later when it fails. */

const SOON_MS = 1_500;
const USUAL_MS = 5 * 60_000;
const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 15 * 60_000;

export interface Timers {
  random(): number;
  /** Runs it once after so long; the answer takes it back. */
  later(ms: number, run: () => void): () => void;
}

export class Rhythm {
  readonly #timers: Timers;
  readonly #run: () => void;
  #cancel: () => void = () => {};
  #failures = 0;

  constructor(timers: Timers, run: () => void) {
    this.#timers = timers;
    this.#run = run;
  }

  /** After unlocking: spread over some seconds, since a whole city begins at eight on Monday. */
  begin(): void {
    this.#in(SOON_MS * 4 * this.#timers.random());
  }

  soon(): void {
    if (this.#failures === 0) this.#in(SOON_MS);
  }

  /** The line is back. */
  again(): void {
    this.#failures = 0;
    this.begin();
  }

  ended(well: boolean): void {
    this.#failures = well ? 0 : this.#failures + 1;
    const wait = well ? USUAL_MS : Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS);
    this.#in(wait * (0.7 + 0.6 * this.#timers.random()));
  }

  stop(): void {
    this.#cancel();
    this.#failures = 0;
  }

  #in(ms: number): void {
    this.#cancel();
    this.#cancel = this.#timers.later(ms, this.#run);
  }
}
