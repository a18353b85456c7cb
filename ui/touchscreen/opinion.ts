// The two questions after a call. Nobody must answer: the way home stays, and the page goes by itself.

import { h, type Child } from "../common/dom";
import type { IconName } from "../common/icons";
import type { Answer, ThanksScreen } from "../common/screen";
import type { Tools } from "./screens";

/** A question with its answers; nothing where none is asked. */
export function opinion(t: Tools, s: ThanksScreen): Child[] {
  const m = t.m.opinion;
  if (s.answered) return [h("p", { key: "answered", class: "lead", role: "status" }, m.thanks)];
  const answer = (label: string, picture: IconName, a: Answer) => t.button(`large answer ${a}`, label, picture, { intent: "opinion", answer: a }, { key: a });
  switch (s.asks) {
    case "":
      return [];
    case "helped":
      return [
        h("h2", { key: "helped", class: "question" }, m.helped),
        h("div", { key: "answers", class: "actions" }, answer(m.yes, "smile", "yes"), answer(m.partly, "flat", "partly"), answer(m.no, "frown", "no")),
        h("p", { key: "anonymous", class: "anonymous" }, m.anonymous),
      ];
    case "quality":
      return [
        h("h2", { key: "quality", class: "question" }, m.quality),
        h("div", { key: "answers", class: "actions" }, answer(m.good, "clear", "good"), answer(m.poor, "unclear", "poor")),
        h("p", { key: "anonymous", class: "anonymous" }, m.anonymous),
      ];
    default:
      return s.asks satisfies never;
  }
}
