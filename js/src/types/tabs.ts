// What other tabs do, as listeners are told of it.

/**
 * Told when a tab begins or ends a chat's turn elsewhere; `isFinished`: it says that the turn is over.
 * Otherwise, at the end, the turn may go on without it.
 */
export type ReadOnlyListener = (
  chatId: string,
  isReadOnly: boolean,
  isFinished?: boolean,
) => void;

/** Told of the messages that the tab which has the turn shows. */
export type MessagesListener = (chatId: string, messages: unknown[]) => void;
