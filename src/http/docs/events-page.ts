import { html } from "hono/html";
import type { AsyncApi, DocumentedMessage } from "./asyncapi.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { laidOut } from "./laid-out.ts";

type Html = ReturnType<typeof html>;

const SIDES = { client: "What you send", server: "What the server tells" } as const;

/** The AsyncAPI document as a page to read: made from it alone, so that the two cannot differ. */
export async function eventsPage(document: AsyncApi): Promise<string> {
  const dialects = Object.entries(document.channels);
  const page = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Rollcall socket reference</title>
    <link rel="icon" href="/docs/files/favicon.png" />
    <link rel="stylesheet" href="/static/index.css" />
    <link rel="stylesheet" href="/docs/files/docs.css" />
  </head>
  <body class="reference">
    <a class="skip" href="#content">Skip to the dialects</a>
    <header>
      <h1>Rollcall socket reference</h1>
      <p>Every event of the three dialects. The same as a document for programs:
        <a href="/docs/asyncapi.json">AsyncAPI 3.0</a>. The HTTP side: <a href="/docs">/docs</a>.
        <a href="/">What this server is</a></p>
    </header>
    <nav aria-label="On this page">${dialects.map(([id, { title }]) => contents(document, id, title))}</nav>
    <main id="content" tabindex="-1">${dialects.map(([id, channel]) => section(document, id, channel))}${types(document)}</main>
  </body>
</html>
`;
  return `${await page}`;
}

const messagesOf = ({ components }: AsyncApi, dialect: string, side: string) =>
  Object.entries(components.messages).filter(([id]) => id.startsWith(`${dialect}.${side}.`));

function contents(document: AsyncApi, dialect: string, title: string): Html {
  const links = Object.entries(SIDES).map(([side, says]) => {
    const own = messagesOf(document, dialect, side).map(
      ([id, { name }]) => html`<a href="#${id}"><code>${name}</code></a> `,
    );
    return html`<dt>${says}</dt><dd>${own}</dd>`;
  });
  return html`<h2><a href="#${dialect}">${title}</a></h2><dl>${links}</dl>`;
}

function section(document: AsyncApi, dialect: string, channel: AsyncApi["channels"][string]): Html {
  const sides = Object.entries(SIDES).map(
    ([side, says]) => html`<h3>${says}</h3>
      ${messagesOf(document, dialect, side).map(([id, message]) => article(id, message))}`,
  );
  return html`<section aria-labelledby="${dialect}">
    <h2 id="${dialect}">${channel.title}</h2>
    <p>At <code>${channel.address}</code></p>
    ${channel.description.split("\n\n").map((paragraph) => html`<p>${marked(paragraph)}</p>`)}
    ${sides}
  </section>`;
}

function types({ components }: AsyncApi): Html {
  const all = Object.entries(components.schemas).map(([name, schema]) => {
    const says = schema.description ?? JSON.stringify(schema.enum);
    return html`<dt><code>${name}</code></dt><dd>${marked(`${says}`)}</dd>`;
  });
  return html`<section aria-labelledby="types"><h2 id="types">Types</h2><dl>${all}</dl></section>`;
}

function article(id: string, { name, summary, payload, examples }: DocumentedMessage): Html {
  const fields = fieldsOf(payload);
  return html`<article class="card" aria-labelledby="${id}">
    <h4 id="${id}"><code>${name}</code></h4>
    <p>${marked(summary)}</p>
    ${examples.map(({ payload: example }) => html`<pre tabindex="0">${laidOut(example)}</pre>`)}
    ${fields.length > 0 ? table(name, fields) : ""}
  </article>`;
}

const table = (name: string, fields: readonly Field[]): Html => html`<details>
  <summary>Fields of ${name}</summary>
  <table>
    <thead><tr><th scope="col">Field</th><th scope="col">What it is</th></tr></thead>
    <tbody>${fields.map(row)}</tbody>
  </table>
</details>`;

const row = ({ path, type, required, note }: Field): Html => html`<tr>
  <th scope="row"><code>${path}</code></th>
  <td>${type}${required ? "" : ", not always there"}${note && html`. ${marked(note)}`}</td>
</tr>`;

/** The text with what stands between backticks as code. */
const marked = (text: string): Html[] =>
  text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
