// How two recordings differ, line by line, and whether every difference is one that is listed.

/** The differing lines by channel: `- …` is what the reference shows alone, `+ …` what ours does. */
export function differing(reference, ours) {
  const channels = new Set([...Object.keys(reference), ...Object.keys(ours)]);
  const all = {};
  for (const channel of [...channels].sort()) {
    const lines = edits(reference[channel] ?? [], ours[channel] ?? []);
    if (lines.length > 0) all[channel] = lines;
  }
  return all;
}

/** The shortest way from one list to another, by the longest list that both hold. */
function edits(from, to) {
  const longest = Array.from({ length: from.length + 1 }, () => new Array(to.length + 1).fill(0));
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const skip = Math.max(longest[i + 1][j], longest[i][j + 1]);
      longest[i][j] = from[i] === to[j] ? longest[i + 1][j + 1] + 1 : skip;
    }
  }
  const lines = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    if (from[i] === to[j] && i < from.length && j < to.length) {
      i += 1;
      j += 1;
    } else if (j >= to.length || (i < from.length && longest[i + 1][j] >= longest[i][j + 1])) {
      lines.push(`- ${from[i++]}`);
    } else {
      lines.push(`+ ${to[j++]}`);
    }
  }
  return lines;
}

/**
 * Reads the text of a listed difference: names of channels, each followed by its lines. In a line, …
 * stands for any text.
 */
export function parse(difference) {
  const expected = [];
  let channel;
  for (const raw of difference.split("\n")) {
    const line = raw.trim();
    if (/^[-+] /.test(line)) expected.push({ channel, line, pattern: pattern(line) });
    else if (line !== "") channel = line;
  }
  return expected;
}

/** What is not listed, and what is listed and did not occur; both empty if all is explained. */
export function unexplained(actual, listed) {
  const open = listed.flatMap(({ diff }) => parse(diff));
  const unlisted = [];
  for (const [channel, lines] of Object.entries(actual)) {
    for (const line of lines) {
      const fits = (one) => one.channel === channel && one.pattern.test(line);
      const at = open.findIndex(fits);
      if (at < 0) unlisted.push(`${channel}\n  ${line}`);
      else open.splice(at, 1);
    }
  }
  return { unlisted, absent: open.map(({ channel, line }) => `${channel}\n  ${line}`) };
}

function pattern(line) {
  const quoted = line.split("…").map((literal) => literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${quoted.join(".*")}$`, "s");
}
