// Finds and starts the WebAssembly module: once for all transports, again after a failure.

import { Core } from "#core";

/** How an entry of the package gets the module: at once where it can, else by a promise. */
export type Loader = () => void | Promise<unknown>;

let loader: Loader | undefined;
let ready = false;
let loading: Promise<void> | undefined;

/** Called once by the entry that the application imports. */
export function provideLoader(provided: Loader): void {
  loader = provided;
}

/**
 * Starts loading, if nobody has; `undefined` when the module is ready. A failure is not kept: the
 * next call tries again.
 */
export function load(): Promise<void> | undefined {
  if (ready || loading) return loading;
  try {
    const started = loader?.();
    if (!(started instanceof Promise)) {
      ready = true;
      return undefined;
    }
    loading = started.then(
      () => {
        ready = true;
        loading = undefined;
      },
      (cause: unknown) => {
        loading = undefined;
        throw unavailable(cause);
      },
    );
    return quiet(loading);
  } catch (cause) {
    return quiet(Promise.reject(unavailable(cause)));
  }
}

/** Whoever needs the module awaits it and is told; starting early must not raise an alarm. */
function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}

function unavailable(cause: unknown): Error {
  return new Error(
    "trigger-chat-transport could not load its WebAssembly module. Check that the .wasm file is " +
      "deployed beside the script, and that a content security policy allows it " +
      `(script-src 'wasm-unsafe-eval'; connect-src for its origin). Cause: ${String(cause)}`,
    { cause },
  );
}

export { Core };
