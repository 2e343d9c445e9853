// The public types, under the names that applications of `@trigger.dev/sdk/chat` import.

export type * from "./types/actions.js";
export type * from "./types/agent-chat.js";
export type * from "./types/agents.js";
export type * from "./types/connection.js";
export type * from "./types/debug.js";
export type * from "./types/events.js";
export type * from "./types/options.js";
export type * from "./types/requests.js";
export type * from "./types/sessions.js";
export type * from "./types/wire.js";
