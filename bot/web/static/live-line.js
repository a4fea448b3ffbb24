// The agents' socket: connects again by itself, and sends what was said once, however often the line breaks.

/** The service sends something every 15 seconds; a line that is silent for longer is dead. */
const DEAD = 45_000;
const LONGEST_PAUSE = 10_000;
/** Closed by the service: not signed in any more, or not allowed. */
const NOT_ALLOWED = 4403;

export class Line {
  #socket = null;
  #tries = 0;
  #pulse = 0;
  #timer = 0;
  #wroteAt = new Map();
  /** Said and not yet acknowledged, by the client id; sent again whenever the line is back. */
  unsent = new Map();

  constructor(listener) {
    this.listener = listener;
    addEventListener("online", () => this.#now());
    document.addEventListener("visibilitychange", () => document.hidden || this.#now());
    this.#connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a frame where the line is there; says whether it was. */
  send(type, fields) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify({ type, ...fields }));
    return true;
  }

  /** Says something to a customer: kept until the service has stored it. */
  say(conversation, text) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const client_id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.unsent.set(client_id, { conversation, text, client_id });
    this.#wroteAt.delete(conversation);
    this.send("say", this.unsent.get(client_id));
    return client_id;
  }

  /** One writes; told every three seconds at most. */
  writes(conversation) {
    if (Date.now() - (this.#wroteAt.get(conversation) ?? 0) < 3000) return;
    this.#wroteAt.set(conversation, Date.now());
    this.send("typing", { conversation, on: true });
  }

  #now() {
    if (!this.#socket) this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    const url = new URL("/desk/live/socket", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url));
    socket.onopen = () => this.#alive();
    socket.onmessage = (event) => {
      this.#alive();
      const frame = JSON.parse(event.data);
      if (frame.type === "hello") {
        this.#tries = 0;
        this.listener.opened(frame);
        for (const one of this.unsent.values()) this.send("say", one);
      } else if (frame.type !== "beat") {
        if (frame.client_id && ["said", "refused"].includes(frame.type)) this.unsent.delete(frame.client_id);
        this.listener.heard(frame);
      }
    };
    socket.onclose = (event) => socket === this.#socket && this.#lost(event.code, event.reason);
  }

  #alive() {
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      const dead = this.#socket;
      this.#lost(0, "");
      dead?.close();
    }, DEAD);
  }

  #lost(code, reason) {
    this.#socket = null;
    clearTimeout(this.#pulse);
    this.listener.closed(code === NOT_ALLOWED ? reason : "");
    if (code === NOT_ALLOWED) return;
    const pause = Math.min(LONGEST_PAUSE, 300 * 2 ** this.#tries++);
    this.#timer = setTimeout(() => this.#connect(), pause * (0.5 + Math.random()));
  }
}
