// Plays the platform's worker: it serves the runs of one session with a real `chat.agent`.
//
// Real: the agent's turn loop, the SDK's reader of `.in` (from the session server), the SDK's writer of
// `.out` (S2 records, control records and trims), closing, handing over, and the tokens on the turns.
// The harness's in-memory streams and replays are put aside before the run's first line, and none of its
// driver methods is used: whatever reaches the agent, a client has appended to `.in`.
// Played: the run engine (this file starts the runs), and the store of snapshots (the harness's memory).
//
// The SDK keeps a run in globals, so one process serves one session at a time.

import { mockChatAgent } from "@trigger.dev/sdk/ai/test";
import {
  __setSessionCloseImplForTests,
  __setSessionOpenImplForTests,
  __setSessionStartImplForTests,
  configure,
  sessions,
} from "@trigger.dev/sdk";
import {
  __setReplaySessionInTailImplForTests,
  __setReplaySessionOutTailImplForTests,
} from "@trigger.dev/sdk/ai";
import { apiClientManager } from "@trigger.dev/core/v3";
import { StandardSessionStreamManager } from "@trigger.dev/core/v3/test";

import { asJson } from "./transcripts.mjs";
import { SECRET_KEY } from "../support/session-server.mjs";

/** Longer than any test; a run that is still there then is stuck. */
const RUN_LIMIT_MS = 60_000;
/** The header of a turn-complete that says how far `.in` is answered. */
const IN_CURSOR = "session-in-event-id";

export class Worker {
  /** The runs of this session, in order. */
  runs = [];
  #server;
  #agent;
  #chatId;
  #stopping = new AbortController();
  #done;

  constructor(server, agent, chatId) {
    this.#server = server;
    this.#agent = agent;
    this.#chatId = chatId;
    configure({ baseURL: server.url, accessToken: SECRET_KEY });
  }

  /** What a backend does for a new chat: makes the session, which triggers its first run. */
  startSession = async ({ clientData }) => {
    const session = await sessions.start({
      type: "chat.agent",
      externalId: this.#chatId,
      taskIdentifier: this.#agent.id,
      triggerConfig: { basePayload: { chatId: this.#chatId, trigger: "preload", metadata: clientData } },
    });
    this.#done ??= this.#serve({ clientData });
    return { publicAccessToken: session.publicAccessToken };
  };

  /** The conversation as the agent stored it last. */
  get stored() {
    const snapshot = this.runs.at(-1)?.harness.getSnapshot();
    return snapshot && asJson(snapshot.messages.map(({ message }) => message));
  }

  /** Ends the current run as the platform's own clients do, and the service with it. */
  async stop() {
    if (!this.#done) return;
    this.#stopping.abort();
    const input = sessions.open(this.#chatId).in;
    const close = { kind: "message", payload: { chatId: this.#chatId, trigger: "close" } };
    // The stop is for the turn that a failed test leaves open.
    for (const chunk of [{ kind: "stop" }, close]) await input.send(chunk).catch(ignoreClosed);
    await this.#done;
  }

  async #serve({ clientData }) {
    let snapshot;
    let previousRunId;
    while (!this.#stopping.signal.aborted) {
      const runId = (await sessions.retrieve(this.#chatId)).currentRunId;
      const continuation = previousRunId !== undefined;
      const run = this.#startRun({ runId, continuation, previousRunId, snapshot, clientData });
      this.runs.push(run);
      await run.ended;
      snapshot = run.harness.getSnapshot() ?? snapshot;
      previousRunId = runId;
      if (!(await this.#hasSuccessor(runId))) return;
    }
  }

  #startRun({ runId, snapshot, ...options }) {
    const streams = new StandardSessionStreamManager(apiClientManager.clientOrThrow(), this.#server.url);
    const harness = mockChatAgent(this.#agent, {
      ...options,
      chatId: this.#chatId,
      snapshot,
      setupLocals: useRealStreams,
      taskContext: { ctx: { run: { id: runId } }, sessionStreamManager: streams },
    });
    const ended = harness.waitForExit(RUN_LIMIT_MS).finally(() => streams.reset());
    return { id: runId, harness, ended };
  }

  /** Another run took over, or takes over as soon as `.in` holds something that was not answered. */
  async #hasSuccessor(runId) {
    const session = await sessions.retrieve(this.#chatId);
    if (session.closedAt !== null || this.#stopping.signal.aborted) return false;
    if (session.currentRunId !== runId) return true;
    if (!(await this.#unansweredInput())) return false;
    const client = apiClientManager.clientOrThrow();
    await client.endAndContinueSession(this.#chatId, { callingRunId: runId, reason: "continuation" });
    return true;
  }

  /** Resolves with true at the next input, or with false when the service ends. */
  async #unansweredInput() {
    const client = apiClientManager.clientOrThrow();
    const { records } = await client.readSessionStreamRecords(this.#chatId, "out");
    const cursors = records.flatMap(({ headers }) => headers).filter(([name]) => name === IN_CURSOR);
    const signal = this.#stopping.signal;
    try {
      const lastEventId = cursors.at(-1)?.[1];
      const inputs = await client.subscribeToSessionStream(this.#chatId, "in", { lastEventId, signal });
      const { done } = await inputs.getReader().read();
      return !done;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}

/** Undoes what the harness puts in the place of the SDK's own sessions. */
function useRealStreams() {
  __setSessionOpenImplForTests(undefined);
  __setSessionStartImplForTests(undefined);
  __setSessionCloseImplForTests(undefined);
  __setReplaySessionInTailImplForTests(undefined);
  __setReplaySessionOutTailImplForTests(undefined);
}

function ignoreClosed(error) {
  if (error.status !== 409) throw error;
}
