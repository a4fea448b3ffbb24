/** What may be set; the same as the attributes of the script tag without `data-`. */
export interface Options {
  /** Where the service is, such as `https://help.example.org`. */
  api: string;
  locale?: string;
  color?: string;
  position?: "left" | "right" | "start" | "end";
  heading?: string;
  greeting?: string;
  /** Up to four questions to begin with, parted by a vertical bar. */
  starters?: string;
  open?: boolean;
  /** An address to write to when the service cannot be reached. */
  contact?: string;
  dir?: "ltr" | "rtl";
  /** Words on the launcher, or `none` for no launcher. */
  launcher?: string;
  /** A JWT of the site's own server that says who the customer is. */
  identity?: string;
  /** Address of a file with rules that offer help. */
  offers?: string;
  /** Citations of articles with a walkthrough offer it. */
  guides?: boolean;
}

/** The element `<tierzero-chat>`. */
export interface TierzeroChat extends HTMLElement {
  /** Opens the chat; with a text, asks it. */
  open(question?: string): Promise<void>;
  /** Opens the chat about an article, named by its id, or about anything else in words. */
  help(topic: string): Promise<void>;
  /** Something went wrong on the page, such as a refused card; a rule of `offers` may offer help. */
  trouble(): void;
  /** Leads through the steps of an article; `places` are selectors of them, where the article names none. */
  guide(article: string, places?: string[]): Promise<void>;
  /** What the page says of itself; it orders articles that fit about equally, and reaches people with a hand-off. */
  context(given: { product?: string; plan?: string; page?: string }): void;
  close(): Promise<void>;
}

/** Puts the chat on the page and gives its element; one that is there already stays the only one. */
export function mount(options: Options): TierzeroChat;
