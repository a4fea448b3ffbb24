declare module "*.css" {
  const text: string;
  export default text;
}

/** What `build.mjs` makes of the files in `locales/`: the names of the texts, and by language the texts, a line each. */
declare module "locales" {
  export const names: Record<string, 0>;
  export const texts: Record<string, string>;
}
