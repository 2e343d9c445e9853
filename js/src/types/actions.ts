// Actions: what is sent beside messages, and how their end is told.

/** Where an action was processed. */
export type ChatActionSettlement = {
  /** The sequence number of the action's append. */
  inputSeq: number;
  /** The agent's committed `.in` cursor, at or past `inputSeq`. */
  sessionInEventId: string;
  /** The cursor of the record that said so. */
  lastEventId?: string;
};

/** The options of `sendAction`. */
export type ChatActionOptions = {
  abortSignal?: AbortSignal;
  /** Goes over the transport's `clientData`. */
  metadata?: Record<string, unknown>;
  /**
   * Told at most once that the agent has processed the action, before the stream closes. Not after
   * an abort, nor when the stream ends without saying so. What it throws is swallowed.
   */
  onSettled?: (settlement: ChatActionSettlement) => void;
};
