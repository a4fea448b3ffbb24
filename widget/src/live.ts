// The conversation as it happens: a socket while people have it and one can be had, else looking again now and then.
// Whatever comes twice is told once: messages are asked for from the first place not yet seen.

import { type Api, Failure } from "./api";
import type { LiveState, Message, SentFile } from "./types";

/** The service sends something every 15 seconds; a line that is silent for longer is dead. */
const DEAD = 45_000;
const LONGEST_PAUSE = 15_000;
/** Between looks where no socket can be had, such as under a policy that forbids it. */
const LOOK = 4_000;
/** Between looks while the bot has the conversation: somebody of the team may join. */
const QUIET = 10_000;
/** Tries that failed at once, after which no socket is expected any more. */
const PATIENT = 3;

/** Closed by the service: the session is over, this conversation is not known, or nobody was there for a while. */
const ENDED = 4401;
const UNKNOWN = 4404;
const IDLE = 4408;
const TOO_MANY = 4429;

export interface Listener {
  message(message: Message): void;
  state(state: LiveState): void;
  /** What both sides have sent. */
  files(files: SentFile[]): void;
  /** The line is there again: what could not be sent may be now. */
  back(): void;
  /** Whether people have the conversation. */
  people(): boolean;
}

export class Live {
  private socket: WebSocket | null = null;
  private conversation = "";
  private next = 0;
  private tries = 0;
  private read = 0;
  private timer = 0;
  private pulse = 0;
  private wroteAt = 0;

  constructor(
    private readonly base: string,
    private readonly api: Api,
    private readonly listener: Listener,
    /** Whether the customer can see the conversation right now. */
    private readonly watched: () => boolean,
  ) {
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => this.wake());
  }

  /** Follows a conversation from the message at place `next` on; following it already, does nothing. */
  follow(conversation: string, next = 0): void {
    if (conversation === this.conversation) return this.wake();
    this.stop();
    this.conversation = conversation;
    this.next = next;
    void this.connect();
  }

  stop(): void {
    this.conversation = "";
    this.next = this.read = this.tries = 0;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  /** Somebody is there again: connects where nothing does, and says what has been read. */
  wake(): void {
    if (!this.conversation) return;
    if (!this.socket) void this.connect();
    this.seen();
  }

  /** The customer writes; told every three seconds at most. */
  writes(): void {
    if (Date.now() - this.wroteAt < 3000) return;
    this.wroteAt = Date.now();
    this.tell({ type: "typing", on: true });
  }

  /** The customer has sent what they wrote. */
  wrote(): void {
    this.wroteAt = 0;
  }

  private seen(): void {
    if (this.watched()) this.read = this.next;
    if (this.next) this.tell({ type: "seen", delivered: this.next, read: this.read });
  }

  private tell(frame: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private async connect(): Promise<void> {
    const { conversation } = this;
    clearTimeout(this.timer);
    if (!this.listener.people()) return this.later(0);
    const url = new URL(`${this.base}/chat/${this.conversation}/live?after=${this.next}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    let socket: WebSocket;
    try {
      const protocols = await this.api.line();
      // Somebody else may have connected meanwhile, or the conversation is another by now.
      if (this.socket || conversation !== this.conversation) return;
      socket = new WebSocket(url, protocols);
    } catch {
      return this.later(0);
    }
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.alive();
      this.listener.back();
      // What the history brought before there was a line has arrived, too.
      this.seen();
    };
    socket.onmessage = (event) => {
      this.alive();
      this.heard(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.socket = null;
      clearTimeout(this.pulse);
      if (event.code === ENDED) this.api.ended();
      if (event.code !== UNKNOWN && event.code !== IDLE) this.later(event.code);
    };
  }

  private alive(): void {
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => {
      const dead = this.socket;
      this.socket = null;
      dead?.close();
      this.later(0);
    }, DEAD);
  }

  /** Tries again after a pause that grows; customers who were cut off together come back one by one. */
  private later(code: number): void {
    clearTimeout(this.timer);
    const quiet = !this.listener.people();
    const looks = quiet || this.tries > PATIENT;
    const pause = quiet ? QUIET : looks ? LOOK
      : code === TOO_MANY ? 2 * LONGEST_PAUSE : Math.min(LONGEST_PAUSE, 400 * 2 ** this.tries++);
    this.timer = setTimeout(() => (looks ? void this.look() : void this.connect()), pause * (0.75 + Math.random() / 2));
  }

  private heard(frame: { type: string; files: SentFile[] } & Message & LiveState): void {
    if (frame.type === "state") this.listener.state(frame);
    if (frame.type === "files") this.listener.files(frame.files);
    if (frame.type !== "message" || frame.seq! < this.next) return;
    this.next = frame.seq! + 1;
    this.listener.message(frame);
    this.seen();
  }

  /** What the socket would have told, asked for; every so often a socket is tried for all that. */
  private async look(): Promise<void> {
    const { conversation } = this;
    if (this.listener.people() && this.tries++ % 8 === 0) return this.connect();
    try {
      if (!this.watched()) return this.later(0);
      const history = await this.api.history(conversation);
      if (conversation !== this.conversation) return;
      history.messages.slice(this.next).forEach((message) => {
        this.next++;
        this.listener.message(message);
      });
      this.listener.files(history.files);
      this.listener.state({ ...history, ticket: history.ticket_reference, typing: false, delivered: 0, read: 0 });
      this.listener.back();
    } catch (error) {
      if (error instanceof Failure && error.status === 404) return;
    }
    this.later(0);
  }
}
