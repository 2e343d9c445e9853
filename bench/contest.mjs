// The contestants take turns: every round has each of them once, and begins with another.

export const CONTESTANTS = ["reference", "ours", "hand-written"];

/** Answers for each contestant the list of what `run` answered. */
export async function takeTurns(rounds, run) {
  const results = Object.fromEntries(CONTESTANTS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < CONTESTANTS.length; at += 1) {
      const name = CONTESTANTS[(round + at) % CONTESTANTS.length];
      results[name].push(await run(name, round));
    }
  }
  return results;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** For each contestant the median of one number of its results. */
export function medians(results, number) {
  return Object.fromEntries(
    Object.entries(results).map(([name, list]) => [name, median(list.map(number))]),
  );
}

let chats = 0;

/** A word that no other chat has. */
export const own = () => `n${(chats += 1)}`;
