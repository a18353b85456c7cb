// The gallery of the touchscreen's screens, served from the built pages on loopback.

import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { root } from "./rig";

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

export interface Gallery {
  url: string;
  close(): void;
}

/** Serves the gallery until it is closed. */
export async function gallery(): Promise<Gallery> {
  const folder = join(root, "ui/dist/gallery");
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, "http://gallery").pathname);
    try {
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": types[path === "/" ? ".html" : extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
