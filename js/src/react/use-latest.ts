// The newest value of something that callbacks outlive.

import { useInsertionEffect, useRef } from "react";

/** A ref that holds what the last committed render gave; set before any other effect runs. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}
