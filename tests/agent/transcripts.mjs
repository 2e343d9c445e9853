// What the agent held at the end of each of its turns, by chat. The agent writes, the tests read.

import { EventEmitter, once } from "node:events";

const finished = new EventEmitter();
const transcripts = new Map();

export function record(chatId, messages) {
  transcripts.set(chatId, [...turnsOf(chatId), asJson(messages)]);
  finished.emit(chatId);
}

/** The messages after the given turn, counted from 1; waits until the agent has finished it. */
export async function transcript(chatId, turn) {
  while (turnsOf(chatId).length < turn) await once(finished, chatId);
  return turnsOf(chatId)[turn - 1];
}

export function turnsOf(chatId) {
  return transcripts.get(chatId) ?? [];
}

/** The messages as they travel and are stored: a field that is undefined is not there. */
export function asJson(messages) {
  return JSON.parse(JSON.stringify(messages));
}
