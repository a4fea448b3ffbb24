// Draws the operations of the OpenAPI document as plain elements.
"use strict";

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function resolve(api, schema) {
  if (!schema || !schema.$ref) return schema;
  return schema.$ref.slice(2).split("/").reduce((node, key) => node[key], api);
}

function example(api, schema, depth = 0) {
  const known = resolve(api, schema);
  if (!known || depth > 8) return null;
  if ("example" in known) return known.example;
  if (known.examples && known.examples.length) return known.examples[0];
  if ("const" in known) return known.const;
  if (known.enum) return known.enum[0];
  if ("default" in known && known.default !== null) return known.default;
  const options = known.anyOf || known.oneOf;
  if (options) {
    const useful = options.find((option) => option.type !== "null") || options[0];
    return options.some((option) => option.type === "null") && !resolve(api, useful).examples
      ? null
      : example(api, useful, depth + 1);
  }
  if (known.type === "object" || known.properties) {
    return Object.fromEntries(
      Object.entries(known.properties || {}).map(([name, part]) => [name, example(api, part, depth + 1)]),
    );
  }
  if (known.type === "array") {
    const item = example(api, known.items, depth + 1);
    return item === null ? [] : [item];
  }
  return { string: "", integer: 0, number: 0, boolean: true }[known.type] ?? null;
}

function typeOf(api, schema) {
  if (!schema) return "any";
  const known = resolve(api, schema) || {};
  const options = known.anyOf || known.oneOf;
  if (options) return options.map((option) => typeOf(api, option)).join(" or ");
  if (known.const) return JSON.stringify(known.const);
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(", ");
  if (known.prefixItems) return "list of " + known.prefixItems.map((part) => typeOf(api, part)).join(" and ");
  if (known.type === "array") return "list of " + typeOf(api, known.items);
  return schema.$ref ? schema.$ref.split("/").pop() : known.type || "any";
}

function namesIn(schema) {
  if (!schema) return [];
  if (schema.$ref) return [schema.$ref];
  return [schema.items, ...(schema.anyOf || [])].flatMap(namesIn);
}

// The table of an object's fields, then those of the objects inside it, each once.
function fields(api, schema, seen = new Set()) {
  const known = resolve(api, schema);
  const group = document.createDocumentFragment();
  if (!known || !known.properties) return group;
  if (seen.size) group.append(element("h4", { textContent: known.title }));
  group.append(fieldTable(api, known));
  seen.add(schema.$ref);
  for (const name of Object.values(known.properties).flatMap(namesIn)) {
    if (!seen.has(name)) group.append(fields(api, { $ref: name }, seen));
  }
  return group;
}

function fieldTable(api, known) {
  const rows = Object.entries(known.properties).map(([name, part]) =>
    element("tr", {},
      element("td", {}, element("code", { textContent: name }),
        (known.required || []).includes(name) ? element("em", { textContent: " required" }) : null),
      element("td", { textContent: typeOf(api, part) }),
      element("td", { textContent: part.description || "" })));
  const head = element("tr", {}, ...["Field", "Type", "Meaning"].map((text) =>
    element("th", { scope: "col", textContent: text })));
  return element("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel: "Fields" },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

function plain(text) {
  return text.replace(/`/g, "");
}

function code(value) {
  return element("pre", { tabIndex: 0 }, element("code", { textContent: JSON.stringify(value, null, 2) }));
}

function operation(api, path, method, described) {
  const id = described.operationId;
  const box = element("section", { className: "operation prose" },
    element("h2", { id },
      element("span", { className: "method", textContent: method.toUpperCase() }), " ",
      element("code", { textContent: path })),
    element("p", { className: "summary", textContent: described.summary || "" }),
    ...(described.description || "").split(/\n\s*\n/).map((text) =>
      element("p", { textContent: plain(text) })));
  const asked = (described.parameters || []).filter((part) => part.in === "query");
  if (asked.length) {
    const properties = Object.fromEntries(asked.map((part) => [part.name, { ...part.schema, description: part.description }]));
    box.append(element("h3", { textContent: "Ask with" }), fieldTable(api, { properties }));
  }
  const body = described.requestBody && described.requestBody.content["application/json"];
  if (body) {
    const sample = example(api, body.schema);
    const lean = Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== null && value !== ""));
    box.append(element("h3", { textContent: "Send" }), fields(api, body.schema), code(lean));
  }
  for (const [status, answer] of Object.entries(described.responses)) {
    const content = answer.content && answer.content["application/json"];
    if (status === "422" && !answer.content) continue;
    if (!status.startsWith("2")) continue;
    box.append(element("h3", { textContent: `Get ${status}` }));
    if (content && content.schema && (content.schema.$ref || content.schema.properties)) {
      box.append(fields(api, content.schema), code(example(api, content.schema)));
    } else {
      box.append(element("p", { textContent: status === "204" ? "No body." : answer.description }));
    }
  }
  const problems = Object.entries(described.responses).filter(([status]) => !status.startsWith("2"));
  if (problems.length) {
    box.append(element("h3", { textContent: "Problems" }), element("ul", {}, ...problems.map(([status, answer]) =>
      element("li", {}, element("strong", { textContent: status }), " ", plain(answer.description)))));
  }
  return box;
}

async function draw() {
  const target = document.getElementById("operations");
  const links = document.getElementById("operation-links");
  try {
    const response = await fetch(target.dataset.source);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const api = await response.json();
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, described] of Object.entries(methods)) {
        target.append(operation(api, path, method, described));
        const link = element("a", { href: "#" + described.operationId, textContent: described.summary || path });
        links.lastElementChild.before(element("li", {}, link));
      }
    }
    document.body.dataset.drawn = "yes";
  } catch (error) {
    target.append(element("p", { className: "notice", role: "alert",
      textContent: `The operations could not be loaded (${error.message}). Please reload the page.` }));
  }
}

draw();
