// What the service sends and takes; the same shapes as bot/web/schemas.py.

export interface Citation {
  article_id: string;
  locale: string;
  title: string;
  heading_path: string[];
  url: string;
  quote: string;
  text: string;
  start: number;
  end: number;
  revision: string;
}

export interface Ticket {
  reference: string;
  next_step: string;
  contact_known: boolean;
  status: string;
}

export interface Reply {
  kind: "answer" | "clarify" | "handoff";
  text: string;
  citations: Citation[];
  reason: string;
  language: string;
  choices: string[];
  /** The last of them, where it refuses the others. */
  none: string;
  conversation_id: string;
  message_id: string;
  ticket: Ticket | null;
}

export interface Message {
  id: string;
  role: "customer" | "bot" | "agent" | "system";
  /** Of an agent, their name. */
  author: string;
  text: string;
  client_id: string;
  reply: Reply | null;
  at: string;
  /** Its place in the conversation, where it is told as it comes. */
  seq?: number;
}

/** How a conversation stands. The counts say how many of its messages the agent's page has, and has shown. */
export interface LiveState {
  state: State;
  /** Name of the agent who is in the chat; empty for nobody. */
  agent: string;
  /** Reference, or empty. */
  ticket: string;
  typing: boolean;
  delivered: number;
  read: number;
}

export type State = "answering" | "awaiting_choice" | "awaiting_contact" | "with_people" | "with_agent" | "closed";

export interface History {
  conversation_id: string;
  state: State;
  agent: string;
  ticket_reference: string;
  ticket_status: string;
  next_step: string;
  /** Token of the survey that may be answered, or empty. */
  survey: string;
  contact_known: boolean;
  messages: Message[];
  files: SentFile[];
}

/** A file that a side has sent. */
export interface SentFile {
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  at: string;
  by: "customer" | "team";
}

/** Which files the service takes: endings, bytes of one, how many of one conversation. */
export interface Limits {
  types: string[];
  largest: number;
  most: number;
}

/** What an element of the page names as its topic, where that is an article. */
export interface Topic {
  title: string;
  url: string;
}

/** A message on its way; kept until it is answered, so that it can be sent again without doubling. */
export interface Outgoing {
  message: string;
  client_id: string;
  contact?: string;
}
