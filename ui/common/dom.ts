// A page is a function of the state that the service pushes: render() makes a
// tree of plain objects, and patch() makes the document match it, in place. So
// focus, a canvas's picture and a video's stream outlive every update. Text only
// ever becomes text: nothing here parses HTML.

export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export interface Node {
  tag: string;
  /** Tells siblings of one tag apart when some come and go. */
  key: string | undefined;
  attributes: Attributes;
  children: (Node | string)[];
}

export type Child = Node | string | number | null | false | undefined;

export function h(tag: string, attributes: Attributes | null, ...children: (Child | Child[])[]): Node {
  const { key, ...rest } = attributes ?? {};
  return { tag, key: key === undefined || key === null ? undefined : String(key), attributes: rest, children: present(children.flat()) };
}

/** The children that are there: `condition && h(...)` leaves false where there is nothing. */
function present(children: Child[]): (Node | string)[] {
  const there: (Node | string)[] = [];
  for (const c of children) {
    if (c === null || c === false || c === undefined || c === "") continue;
    there.push(typeof c === "number" ? String(c) : c);
  }
  return there;
}

const svgTags = new Set(["svg", "path", "circle", "rect", "line", "polyline", "g", "text"]);
const made = new WeakMap<Element, { key: string | undefined; attributes: Attributes }>();

function create(node: Node): Element {
  const element = svgTags.has(node.tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", node.tag)
    : document.createElement(node.tag);
  made.set(element, { key: node.key, attributes: {} });
  update(element, node);
  return element;
}

function update(element: Element, node: Node): void {
  const before = made.get(element)?.attributes ?? {};
  for (const name of Object.keys(before)) {
    if (!(name in node.attributes)) set(element, name, null);
  }
  for (const [name, value] of Object.entries(node.attributes)) {
    if (before[name] !== value) set(element, name, value);
  }
  made.set(element, { key: node.key, attributes: node.attributes });
  patch(element, node.children);
}

function set(element: Element, name: string, value: Attributes[string]): void {
  if (name.startsWith("on")) {
    (element as unknown as Record<string, unknown>)[name] = value ?? null;
  } else if (name === "muted" && element instanceof HTMLMediaElement) {
    element.muted = value === true; // the attribute is read only once
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Makes the parent's children match, reusing those of the same tag and key. */
export function patch(parent: Element, children: Child[]): void {
  let at = parent.firstChild;
  for (const child of present(children)) {
    if (typeof child === "string") {
      if (at instanceof Text) {
        if (at.data !== child) at.data = child;
        at = at.nextSibling;
      } else {
        parent.insertBefore(document.createTextNode(child), at);
      }
      continue;
    }
    const match = find(at, child);
    if (!match) {
      parent.insertBefore(create(child), at);
      continue;
    }
    // What stands before the match has gone from the tree.
    while (at && at !== match) {
      const next: ChildNode | null = at.nextSibling;
      at.remove();
      at = next;
    }
    update(match, child);
    at = match.nextSibling;
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function find(from: ChildNode | null, child: Node): Element | null {
  for (let at = from; at; at = at.nextSibling) {
    if (at instanceof Element && at.localName === child.tag && made.get(at)?.key === child.key) return at;
  }
  return null;
}

/** A line drawing of 24 by 24 units. */
export function icon(paths: string[], className = "icon"): Node {
  return h(
    "svg",
    { class: className, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" },
    paths.map((d) => h("path", { d })),
  );
}
