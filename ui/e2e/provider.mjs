// A small OpenID Connect provider of ProConnect's profile, for the browser
// tests: one page on which one says who one is, and the sign-out.
//
//   node provider.mjs PORT   (the client is "hub", its secret "secret")

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function token(claims) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: "ES256", kid: "k" })}.${encode({ iss: issuer, aud: "hub", iat: now, exp: now + 60, ...claims })}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** What each code and each access token stands for. */
const asked = new Map();

function page(response, html) {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="fr"><title>Identification</title>${html}</html>`);
}

async function body(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

const routes = {
  "/.well-known/openid-configuration": (_, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({
      issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`, end_session_endpoint: `${issuer}/session/end`, code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256"], token_endpoint_auth_methods_supported: ["client_secret_post"],
    }));
  },
  "/jwks": (_, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "ES256", use: "sig" }] }));
  },
  "/authorize": (_, response, query) => {
    const flow = encode(Object.fromEntries(query));
    page(response, `<form action="/identify"><input type="hidden" name="flow" value="${flow}">
      <label>Adresse <input name="email"></label> <button>Continuer</button></form>`);
  },
  "/identify": (_, response, query) => {
    const flow = JSON.parse(Buffer.from(query.get("flow"), "base64url").toString());
    const code = randomUUID();
    asked.set(code, { ...flow, email: query.get("email") });
    response.writeHead(302, { Location: `${flow.redirect_uri}?${new URLSearchParams({ code, state: flow.state, iss: issuer })}` }).end();
  },
  "/token": async (request, response) => {
    const form = await body(request);
    const flow = asked.get(form.get("code"));
    asked.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (!flow || form.get("client_secret") !== "secret" || form.get("redirect_uri") !== flow.redirect_uri || challenge !== flow.code_challenge) {
      response.writeHead(400, { "Content-Type": "application/json" }).end('{"error":"invalid_grant"}');
      return;
    }
    const access = randomUUID();
    asked.set(access, flow);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({
      access_token: access, token_type: "Bearer", expires_in: 60, id_token: token({ sub: flow.email, nonce: flow.nonce, acr: flow.acr_values }),
    }));
  },
  "/userinfo": (request, response) => {
    const flow = asked.get((request.headers.authorization ?? "").replace("Bearer ", ""));
    response.setHeader("Content-Type", "application/jwt");
    response.end(token({ sub: flow.email, email: flow.email }));
  },
  "/session/end": (_, response, query) => {
    page(response, `<p>${query.get("id_token_hint") ? "Déconnexion" : "Erreur"}</p><a href="${query.get("post_logout_redirect_uri")}">Retour</a>`);
  },
};

createServer((request, response) => {
  const url = new URL(request.url, issuer);
  const route = routes[url.pathname];
  if (route) void route(request, response, url.searchParams);
  else response.writeHead(404).end();
}).listen(port, "127.0.0.1", () => console.log(`provider: ${issuer}`));
