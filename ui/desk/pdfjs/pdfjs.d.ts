// What the desk uses of pdf.js 6.5.438 (Apache-2.0, see LICENSE), which lies here as published: the "legacy" build,
// for the browsers of administrations. ui/build copies it beside the page, which loads it when a PDF is opened.

export interface Viewport {
  width: number;
  height: number;
}

export interface PDFPage {
  getViewport(options: { scale: number }): Viewport;
  render(options: { canvas: HTMLCanvasElement; viewport: Viewport }): { promise: Promise<void> };
  cleanup(): void;
}

export interface PDFDocument {
  numPages: number;
  getPage(number: number): Promise<PDFPage>;
}

export interface PDFJS {
  GlobalWorkerOptions: { workerSrc: string };
  getDocument(options: { data: Uint8Array }): { promise: Promise<PDFDocument>; destroy(): Promise<void> };
}
