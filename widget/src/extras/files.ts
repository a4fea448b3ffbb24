// Files of the conversation: sent with their progress, refused with a reason, shown, downloaded.

import type { Kit } from "../kit";
import type { ExtraTexts } from "../locales/en";
import type { Limits, SentFile } from "../types";
import { FileRow, shownSize } from "./file-row";
import { download, upload } from "./transfer";

export class Files {
  private readonly rows = new Map<string, FileRow>();
  /** What the service has told of; only such a file can be gone. */
  private readonly told = new Set<string>();
  private latest: SentFile[] = [];
  private waiting: (() => void)[] = [];
  private sendings = 0;

  constructor(
    private readonly kit: Kit,
    private readonly t: ExtraTexts,
  ) {}

  /** Sends one after another. */
  async send(files: File[]): Promise<void> {
    for (const file of files) {
      const row = new FileRow(this.kit, this.t, file.name, file.size, true);
      this.kit.add(row.element);
      await this.attempt(file, row);
    }
  }

  /** What both sides have sent, each shown once; what was taken away goes. */
  there(files: SentFile[]): void {
    this.latest = files;
    // What is on its way may be in the list already.
    if (this.sendings) return;
    const known = new Set(files.map((one) => one.id));
    for (const [id, row] of this.rows) {
      if (known.has(id) || !this.told.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    for (const one of files) {
      this.told.add(one.id);
      const before = this.rows.get(one.id);
      if (before?.element.isConnected) continue;
      const row = new FileRow(this.kit, this.t, one.name, one.size, one.by === "customer");
      row.ready(() => this.get(one, row));
      this.rows.set(one.id, row);
      this.kit.add(row.element, one.at);
      if (one.by !== "customer" && !before) this.kit.say(this.t.fileCame.replace("{name}", one.name));
    }
  }

  /** A conversation has begun: what waited for it goes. */
  opened(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  private async attempt(file: File, row: FileRow): Promise<void> {
    const { kit, t } = this;
    this.sendings++;
    try {
      const problem = this.problem(file, await kit.limits());
      if (problem) return this.refused(row, problem);
      const conversation = kit.conversation();
      if (!conversation) {
        row.waits(t.fileWaits);
        // A new conversation may have been begun meanwhile; what is not shown any more is not sent.
        this.waiting.push(() => row.element.isConnected && void this.attempt(file, row));
        return;
      }
      const one = await upload(kit, conversation, file, (part) => row.went(part));
      this.rows.set(one.id, row);
      row.ready(() => this.get(one, row));
      kit.say(t.fileSent.replace("{name}", file.name));
      if (!kit.people()) kit.note(t.fileKept);
    } catch (status) {
      const problem = status === 400 ? t.fileKind : status === 413 ? t.fileLarge : t.fileFailed;
      if (status === 400 || status === 413) this.refused(row, this.filled(problem, await kit.limits()));
      else this.refused(row, problem, () => void this.attempt(file, row));
    } finally {
      this.sendings--;
      this.there(this.latest);
    }
  }

  private refused(row: FileRow, problem: string, retry?: () => void): void {
    row.refused(problem, retry);
    this.kit.say(problem);
  }

  /** Why a file cannot go, told before it is sent; the service looks closer. */
  private problem(file: File, limits: Limits): string {
    const { t } = this;
    const ending = /\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase().replace(/^jpg$/, "jpeg").replace("heif", "heic") ?? "";
    const count = Array.from(this.rows.values()).filter((row) => row.element.isConnected).length;
    const found = !limits.types.includes(ending) || !file.size ? t.fileKind
      : file.size > limits.largest ? t.fileLarge
      : count >= limits.most ? t.fileMany : "";
    return this.filled(found, limits);
  }

  private filled(text: string, { types, largest, most }: Limits): string {
    const size = shownSize(largest, this.kit.locale);
    return text.replace("{types}", types.join(", ")).replace("{size}", size).replace("{most}", String(most));
  }

  private async get(one: SentFile, row: FileRow): Promise<void> {
    try {
      await download(this.kit, one);
    } catch {
      row.refused(this.t.fileLost);
    }
  }
}
