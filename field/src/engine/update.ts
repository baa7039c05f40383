/** The app's own renewal: a new version waits beside the old one until no form is open. */

export interface Renewal {
  readonly version: string;
  readonly ready: boolean;
  /** Looks for a newer version if the one here is not the newest. */
  look(newest: string): void;
  formOpen(): () => void;
  take(): void;
  /** Takes it when nothing is lost by it: called while the phone is locked. */
  takeQuietly(): void;
}

export class Update implements Renewal {
  version = '';
  #registration: ServiceWorkerRegistration | null = null;
  #open = 0;
  #due = false;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
    const workers = navigator.serviceWorker;
    const controlled = workers.controller !== null;
    workers.addEventListener('message', (event: MessageEvent<{ version?: string }>) => {
      this.version = event.data.version ?? this.version;
      this.#changed();
    });
    workers.addEventListener('controllerchange', () => {
      workers.controller?.postMessage('version');
      if (controlled) this.#reload(); // the first of all takes over a page that is new itself
    });
    workers.controller?.postMessage('version');
    this.#registration = await workers.register('/field/sw.js', { scope: '/field/', updateViaCache: 'none' }).catch(() => null);
    this.#registration?.addEventListener('updatefound', () => {
      this.#registration?.installing?.addEventListener('statechange', this.#changed);
    });
    this.#changed();
  }

  get ready(): boolean {
    return this.#due || (this.#registration?.waiting ?? null) !== null;
  }

  look(newest: string): void {
    if (newest && this.version && newest !== this.version) void this.#registration?.update().catch(() => undefined);
  }

  formOpen(): () => void {
    this.#open += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#open -= 1;
      if (this.#due) this.#reload();
    };
  }

  take(): void {
    if (this.#open > 0) return;
    if (this.#due) this.#reload();
    else this.#registration?.waiting?.postMessage('take');
  }

  takeQuietly(): void {
    if (this.ready) this.take();
  }

  /** Another window may have taken the new version while a form is open here. */
  #reload(): void {
    this.#due = this.#open > 0;
    if (!this.#due) location.reload();
  }
}
