import { useEffect, useLayoutEffect, type KeyboardEvent, type RefObject } from "react";
import { focusUnlessTouch } from "../focus";
import { Icon } from "./Icon";

type Props = {
  input: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  busy: boolean;
  onDraft: (draft: string) => void;
  /** During an answer, into that answer. */
  onSend: (text: string) => void;
  /** Behind the answer that is being given. */
  onQueue: (text: string) => void;
  onStop: () => void;
};

export function Composer({ input, draft, busy, onDraft, onSend, onQueue, onStop }: Props) {
  const empty = draft.trim() === "";

  useEffect(() => focusUnlessTouch(input.current), [input]);

  useLayoutEffect(() => {
    const box = input.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [input, draft]);

  const give = (take: (text: string) => void) => {
    if (empty) return;
    take(draft.trim());
    onDraft("");
    input.current?.focus();
  };
  const send = () => give(onSend);
  const stop = () => {
    onStop();
    focusUnlessTouch(input.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={input}
        rows={1}
        value={draft}
        placeholder={busy ? "Say something in between" : "Message the demo agent"}
        aria-label="Message"
        data-testid="chat-input"
        enterKeyHint="send"
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {busy && !empty && (
        <>
          <button
            type="button"
            className="round round-quiet"
            aria-label="Ask next"
            title="Ask next"
            data-testid="queue"
            onClick={() => give(onQueue)}
          >
            <Icon name="next" />
          </button>
          <button type="submit" className="round round-quiet" aria-label="Send now" title="Send now" data-testid="steer">
            <Icon name="up" />
          </button>
        </>
      )}
      {busy ? (
        <button type="button" className="round" aria-label="Stop" data-testid="stop" onClick={stop}>
          <Icon name="stop" />
        </button>
      ) : (
        <button type="submit" className="round" aria-label="Send" data-testid="send" disabled={empty}>
          <Icon name="up" />
        </button>
      )}
    </form>
  );
}
