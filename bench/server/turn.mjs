// What a chat's id asks for: how the answer comes, of which kind, how many deltas, how many records in
// an event, and a word that makes the chat one of its own.

export function chatId({ manner = "whole", kind, count, batch }, own) {
  return [manner, kind, count, batch, own].join(".");
}

export function turnOf(id) {
  const [manner, kind, count, batch, own] = id.split(".");
  return { manner, kind, count: Number(count), batch: Number(batch), own };
}
