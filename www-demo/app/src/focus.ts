/** Not where it would call up a touch keyboard, which covers half of the page. */
export function focusUnlessTouch(element: HTMLElement | null): void {
  if (matchMedia("(pointer: fine)").matches) element?.focus();
}
