// A small mail server (RFC 5321) for the browser tests: it takes everything and
// prints each letter's recipients and its text, decoded.
//
//   node mail.mjs PORT

import { createServer } from "node:net";

const port = Number(process.argv[2]);

/** Quoted-printable (RFC 2045) as text. */
function decode(text) {
  const bytes = [];
  const plain = text.replace(/=\r\n/g, "");
  for (let i = 0; i < plain.length; i++) {
    if (plain[i] === "=") {
      bytes.push(parseInt(plain.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(plain.charCodeAt(i));
  }
  return Buffer.from(bytes).toString("utf8");
}

createServer((socket) => {
  socket.setEncoding("latin1");
  const say = (line) => socket.write(`${line}\r\n`);
  let rest = "", data, to = [];
  say("220 test");
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    rest += chunk;
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (data !== undefined) {
        if (line !== ".") {
          data += `${line.replace(/^\./, "")}\r\n`;
          continue;
        }
        console.log(`letter to ${to.join(" ")}: ${JSON.stringify(decode(data))}`);
        data = undefined;
        say("250 ok");
        continue;
      }
      switch (line.split(" ")[0].toUpperCase()) {
        case "MAIL":
          to = [];
          say("250 ok");
          break;
        case "RCPT":
          to.push(line.replace(/^.*<|>.*$/g, ""));
          say("250 ok");
          break;
        case "DATA":
          data = "";
          say("354 go on");
          break;
        case "QUIT":
          say("221 bye");
          socket.end();
          break;
        default:
          say("250 ok");
      }
    }
  });
}).listen(port, "127.0.0.1", () => console.log("mail server ready"));
