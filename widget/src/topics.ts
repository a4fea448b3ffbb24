// Elements of the page with `data-tierzero-topic` or `data-tierzero-open`: whoever presses one gets help about it, or
// the chat, by pointer or keyboard.

const NAME = "data-tierzero-topic";
const OPENS = "data-tierzero-open";
const SELECTOR = `[${NAME}],[${OPENS}]`;
/** What a browser does not make a control by itself. */
const PLAIN = `:is(${SELECTOR}):not(a,button,input,select,textarea,summary)`;

/** Whether a topic is an article's id, such as `billing/invoices`, and not words to ask. */
export function isArticle(topic: string): boolean {
  return /^[^\s/?#]+(\/[^\s/?#]+)+$/.test(topic);
}

/** `help` gets the topic, or nothing where the chat is only to be opened. */
export function watchTopics(help: (topic: string) => void, signal: AbortSignal): void {
  const press = (event: Event): void => {
    const target = event.composedPath()[0] as Element;
    const { key, ctrlKey, metaKey, shiftKey } = event as KeyboardEvent;
    // A browser turns the keys into a click on what is a control by itself; a link in another tab stays one.
    const meant = key ? /^(Enter| )$/.test(key) && target.matches?.(PLAIN)
      : !(ctrlKey || metaKey || shiftKey);
    const pressed = meant && target.closest?.(SELECTOR);
    const topic = pressed && (pressed.getAttribute(NAME) ?? "").trim();
    if (!pressed || (!topic && !pressed.hasAttribute(OPENS)) || event.defaultPrevented) return;
    event.preventDefault();
    help((topic || "").slice(0, 300));
  };
  document.addEventListener("click", press, { signal });
  document.addEventListener("keydown", press, { signal });
  const reach = (): void => document.querySelectorAll(`${PLAIN}:not([tabindex])`).forEach((element) => {
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
  });
  reach();
  const observer = new MutationObserver(reach);
  observer.observe(document, { childList: true, subtree: true, attributeFilter: [NAME, OPENS] });
  signal.addEventListener("abort", () => observer.disconnect());
}
