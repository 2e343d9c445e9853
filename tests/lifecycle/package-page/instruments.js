// Counts what a page holds: put in the place of the browser's own before the package is loaded.

const memories = [];
const timers = new Set();
let channels = 0;

const { setTimeout: startTimer, clearTimeout: endTimer } = window;

window.setTimeout = (callback, delayMs) => {
  const timer = startTimer(() => {
    timers.delete(timer);
    callback();
  }, delayMs);
  timers.add(timer);
  return timer;
};

window.clearTimeout = (timer) => {
  timers.delete(timer);
  endTimer(timer);
};

const { instantiateStreaming } = WebAssembly;

WebAssembly.instantiateStreaming = async (...source) => {
  const result = await instantiateStreaming(...source);
  const exported = Object.values(result.instance.exports);
  memories.push(...exported.filter((value) => value instanceof WebAssembly.Memory));
  return result;
};

window.BroadcastChannel = class extends BroadcastChannel {
  #open = true;

  constructor(name) {
    super(name);
    channels += 1;
  }

  close() {
    if (this.#open) channels -= 1;
    this.#open = false;
    super.close();
  }
};

/** What is held now. Wasm memory never shrinks. */
export function held() {
  const wasmBytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { wasmBytes, timers: timers.size, channels };
}
