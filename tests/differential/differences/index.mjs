// The intended differences: what ours does on purpose otherwise than the reference. `of` names the
// conversation, `statement` the numbered statement (or the design decision) that justifies it, `diff`
// its lines by channel: `-` the reference alone, `+` ours alone, … for any text. A conversation may
// have several.

import { decided } from "./decided.mjs";
import { headStart } from "./head-start.mjs";
import { reading } from "./reading.mjs";
import { sending } from "./sending.mjs";
import { stopping } from "./stopping.mjs";

/** In every conversation for which `when` holds of what is recorded of ours. */
export const EVERYWHERE = [
  {
    when: (lines) => lines.requests?.some((line) => line.includes("authorization: ")),
    statement: "DESIGN decision 4",
    why: "a redirect is an error, so that the token never goes where it points, and nothing is cached",
    diff: `
      fetch init
      + {"cache":"no-store","redirect":"error"}`,
  },
  {
    when: (lines) => "requests" in lines || "more events" in lines,
    statement: "⊕ G2",
    why: "an event that the reference does not have; what it says is tested by itself",
    diff: `
      more events
      + connection-changed`,
  },
];

export const differences = [sending, stopping, reading, headStart, decided].flat();
