// What the page says of itself: the product, plan or subject that the customer has before them.

const NAMES = ["product", "plan", "page"];

/** `given` by the page's script, else by `data-tierzero-product` and the like on any element; 100 characters at most. */
export function about(given: Record<string, unknown>): object {
  const told = (name: string): unknown =>
    given[name] ?? document.querySelector(`[data-tierzero-${name}]`)?.getAttribute(`data-tierzero-${name}`) ?? "";
  return Object.fromEntries(NAMES.map((name) => [name, String(told(name)).trim().slice(0, 100)]));
}
