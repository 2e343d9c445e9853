// Follows a growing conversation until the reader scrolls up, and again once they are back down.
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

const nearEnough = 32;

export type StickToBottom = {
  scrollerRef: RefObject<HTMLDivElement | null>;
  contentRef: RefObject<HTMLDivElement | null>;
  following: boolean;
  follow: () => void;
};

export function useStickToBottom(): StickToBottom {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const followingRef = useRef(true);
  const [following, setFollowing] = useState(true);

  const follow = useCallback(() => {
    followingRef.current = true;
    setFollowing(true);
    scrollerRef.current?.scrollTo({ top: scrollerRef.current.scrollHeight });
  }, []);

  useEffect(() => {
    const scroller = scrollerRef.current;
    const content = contentRef.current;
    if (!scroller || !content) return;

    let lastTop = scroller.scrollTop;
    const onScroll = () => {
      const top = scroller.scrollTop;
      const atBottom = scroller.scrollHeight - top - scroller.clientHeight < nearEnough;
      const movedUp = top < lastTop - 1;
      lastTop = top;
      const next = atBottom ? true : movedUp ? false : followingRef.current;
      followingRef.current = next;
      setFollowing(next);
    };
    const observer = new ResizeObserver(() => {
      if (followingRef.current) scroller.scrollTop = scroller.scrollHeight;
    });
    observer.observe(content);
    observer.observe(scroller);
    scroller.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", onScroll);
    };
  }, []);

  return { scrollerRef, contentRef, following, follow };
}
