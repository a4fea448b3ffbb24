// What a browser keeps for extras: for good, or as long as a tab. It may be forbidden; then nothing is remembered.

export function remembered(store: () => Storage, name: string): string {
  try {
    return store().getItem(`tierzero:${name}`) ?? "";
  } catch {
    return "";
  }
}

/** Whether it will be remembered. */
export function remember(store: () => Storage, name: string, value: string): boolean {
  try {
    if (value) store().setItem(`tierzero:${name}`, value);
    else store().removeItem(`tierzero:${name}`);
    return true;
  } catch {
    return false;
  }
}

export const tab = (): Storage => sessionStorage;
export const browser = (): Storage => localStorage;
