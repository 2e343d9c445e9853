// A page without a browser: the AI SDK's own chat, whose messages its own code assembles, over a
// transport. `useChat` is this chat behind React's state.

import { AbstractChat } from "ai";

import { asJson } from "./transcripts.mjs";

class MemoryState {
  status = "ready";
  error = undefined;
  messages = [];

  pushMessage = (message) => {
    this.messages = [...this.messages, message];
  };

  popMessage = () => {
    this.messages = this.messages.slice(0, -1);
  };

  replaceMessage = (index, message) => {
    this.messages = this.messages.with(index, this.snapshot(message));
  };

  snapshot = (value) => structuredClone(value);
}

export class Page extends AbstractChat {
  /** Every data part, transient ones included, in the order of arrival. */
  data;
  errors;

  constructor({ transport, onData, onError, ...options }) {
    const data = [];
    const errors = [];
    super({
      ...options,
      transport,
      state: new MemoryState(),
      onData: (part) => {
        data.push(part);
        onData?.(part);
      },
      onError: (error) => errors.push(error),
    });
    this.data = data;
    this.errors = errors;
  }

  /** The messages, to be compared with what the agent recorded. */
  get shown() {
    return asJson(this.messages);
  }
}
