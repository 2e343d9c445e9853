// Every conversation. Each has a `name` that starts with the statements it covers, the `options` of
// the transport, the `server`'s script (a list of answers for each endpoint) and the steps that the
// application `play`s.

import { actions } from "./actions.mjs";
import { closing } from "./closing.mjs";
import { headStart } from "./head-start.mjs";
import { failing } from "./failing.mjs";
import { observing } from "./observing.mjs";
import { reading } from "./reading.mjs";
import { reconnecting } from "./reconnecting.mjs";
import { resuming } from "./resuming.mjs";
import { sending } from "./sending.mjs";
import { starting } from "./starting.mjs";
import { stopping } from "./stopping.mjs";
import { tokens } from "./tokens.mjs";
import { turns } from "./turns.mjs";
import { watching } from "./watching.mjs";

export const conversations = [
  sending,
  failing,
  starting,
  tokens,
  actions,
  reading,
  turns,
  resuming,
  reconnecting,
  stopping,
  closing,
  watching,
  observing,
  headStart,
].flat();
