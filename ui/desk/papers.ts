// A document for the citizen to see: a picture or a PDF, page by page. It is read
// and drawn here, so that the booth gets nothing but pictures.

import type { PDFJS } from "./pdfjs/pdfjs";

/** The largest file that is opened, in bytes. */
export const maxFileBytes = 20 << 20;
/** The longer side of a page's picture: an A4 page can be read on a booth's screen. */
const side = 1800;
/** The largest picture that the booth takes. */
const maxPictureBytes = 4 << 20;

/** An open document; close() forgets it. */
export interface Papers {
  name: string;
  pages: number;
  /** A page's picture as JPEG, from 1 on. */
  page(number: number): Promise<Blob>;
  close(): void;
}

export async function openPapers(file: File): Promise<Papers> {
  if (file.size > maxFileBytes) throw new RangeError("the file is too large");
  const head = new Uint8Array(await file.slice(0, 5).arrayBuffer());
  return String.fromCharCode(...head) === "%PDF-" ? openPDF(file) : openPicture(file);
}

async function openPicture(file: File): Promise<Papers> {
  const picture = await createImageBitmap(file);
  return {
    name: file.name,
    pages: 1,
    page: () => {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const canvas = sheet(picture.width * scale, picture.height * scale);
      canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return jpeg(canvas);
    },
    close: () => picture.close(),
  };
}

/** The booth takes no longer documents: kiosk/call/papers.go has the same number. */
const mostPages = 500;

async function openPDF(file: File): Promise<Papers> {
  // ui/build copies it beside the page.
  const address = "/desk/pdfjs/pdf.min.mjs";
  const pdfjs = (await import(address)) as PDFJS;
  pdfjs.GlobalWorkerOptions.workerSrc = "/desk/pdfjs/pdf.worker.min.mjs";
  const task = pdfjs.getDocument({ data: new Uint8Array(await file.arrayBuffer()) });
  const document = await task.promise;
  if (document.numPages > mostPages) {
    void task.destroy();
    throw new RangeError(`${document.numPages} pages; at most ${mostPages} can be shown`);
  }
  return {
    name: file.name,
    pages: document.numPages,
    page: async (number) => {
      const page = await document.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: side / Math.max(natural.width, natural.height) });
      const canvas = sheet(viewport.width, viewport.height);
      await page.render({ canvas, viewport }).promise;
      page.cleanup();
      return jpeg(canvas);
    },
    close: () => void task.destroy(),
  };
}

/** White paper: a JPEG knows no transparency. */
function sheet(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

async function jpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  for (const quality of [0.88, 0.7, 0.5]) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= maxPictureBytes) return blob;
  }
  throw new RangeError("the page is too large");
}

/** A piece of a picture: every browser takes a message of that size. */
const pieceBytes = 16 << 10;
/** More is not queued, so that what comes after need not wait behind it. */
const queuedBytes = 256 << 10;

/** The channel on which pages go to the booth. */
export class PaperChannel {
  private readonly channel: RTCDataChannel;
  private readonly open: Promise<void>;
  /** Numbers the pages: a newer one ends the sending of the one before. */
  private round = 0;

  constructor(connection: RTCPeerConnection) {
    this.channel = connection.createDataChannel("papers");
    this.channel.bufferedAmountLowThreshold = queuedBytes / 2;
    this.open = new Promise((done, fail) => {
      this.channel.onopen = () => done();
      this.channel.onclose = () => fail(new Error("the channel for documents is closed"));
    });
    this.open.catch(() => undefined); // whoever sends hears of it
  }

  /** Sends a page. It resolves once the page is on its way, or another one has taken its place. */
  async show(number: number, pages: number, picture: Blob): Promise<void> {
    const round = ++this.round;
    const bytes = await picture.arrayBuffer();
    await this.open;
    if (round !== this.round) return;
    this.channel.send(JSON.stringify({ kind: "page", page: number, pages, bytes: bytes.byteLength }));
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
      if (this.channel.bufferedAmount > queuedBytes) await this.drained();
      if (round !== this.round) return;
      this.channel.send(bytes.slice(at, at + pieceBytes));
    }
  }

  private drained(): Promise<void> {
    return new Promise((done, fail) => {
      this.channel.addEventListener("bufferedamountlow", () => done(), { once: true });
      this.channel.addEventListener("close", () => fail(new Error("the channel for documents is closed")), { once: true });
    });
  }

  /** Takes the page away from the booth's screen. */
  async clear(): Promise<void> {
    this.round++;
    await this.open;
    this.channel.send(JSON.stringify({ kind: "clear" }));
  }
}
